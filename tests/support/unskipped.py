"""A plugin for the full run: a suite that leaves anything out has not passed."""

import pytest

LEFT_OUT = ("skipped", "deselected", "xfailed", "xpassed")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a pass into a failure when tests were skipped, deselected or expected to fail."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:  # a worker of xdist: the controller counts for all
        return
    left_out = {kind: len(reporter.stats.get(kind, ())) for kind in LEFT_OUT}
    if any(left_out.values()) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\nNothing may be left out of this run: {left_out}", red=True)
