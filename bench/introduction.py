"""What the page says before its tables: what was measured, and beside what."""

TEXT = """# How fast

`make bench` writes this page. It measures Ideabox beside a **floor**: a bare ASGI application on the same server
(uvicorn, uvloop, httptools) and the same drivers (asyncpg; the standard library's sqlite3), with hand-written SQL and
no framework, which gives the same JSON and writes the same rows. Both answer alike, field by field, before anything is
timed. What one machine does per second says little about another; the ratios say what the house costs.

![Requests per second as a share of the floor](bench.svg)

How it was measured:

- A made-up company of scale {scale} on a PostgreSQL started for it (fsync, synchronous commit, autovacuum as by
  default), and one of at most 10k ideas in an SQLite file. Two shared cores for client, application and database.
- `ideabox serve` as users start it: one process, production settings, its log written to a file; only the limits of
  rate are raised. No worker runs unless a row says so: on PostgreSQL it is a process of its own. On SQLite the jobs
  run in the server, and are in its figures.
- {rounds} rounds of {seconds} s, floor and Ideabox in turn; medians, and the spread of the rounds. A ratio is taken
  within each round.
- Readers are signed in, have votes of their own, no role; each request has its own reader's votes and `can`. Texts have
  been rendered before, on both sides. The ideas that are opened have about 50 comments and no gate yet.
- Ideabox keeps pages until anything changes. Nothing changes while the feed of the targets is read; the row with votes
  meanwhile says what is left when something does.
- The floor knows who asks from a dictionary of tokens, signs no cursor, keeps no log, counts no views, checks nothing
  that its answer does not need.
- Processor time is that of the process and all below it; the database's is that of the whole server. Instructions are
  counted by valgrind, in one process without sockets: they hold anywhere.
- The `p99` of the storm is that of 8 readers beside 16 people who sign in all the time.
"""
