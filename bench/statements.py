"""The floor's statements, written by hand; `$1` is always the reader."""

_COLUMNS = """
    i.id, i.title, i.stage, i.clarification, i.on_hold, t.votes, t.comments, v.id IS NOT NULL, i.anonymous,
    e.id, e.name, f.id, f.name, th.id, th.name, c.id, c.name, h.id, h.name, i.submitted_at, o.state,
    i.appealed_at IS NOT NULL, t.counting = 'sealed', i.hidden_code, i.restriction
"""

_JOINS = """
    JOIN themes th ON th.id = i.theme_id
    JOIN campaigns c ON c.id = i.campaign_id
    LEFT JOIN functions f ON f.id = i.function_id
    LEFT JOIN employees h ON h.id = i.holder_id
    LEFT JOIN authorships a ON a.idea_id = i.id AND a.position = 0 AND a.state = 'accepted' AND NOT i.anonymous
    LEFT JOIN employees e ON e.id = a.employee_id
    LEFT JOIN authorships o ON o.idea_id = i.id AND o.employee_id = $1
    LEFT JOIN votes v ON v.idea_id = i.id AND v.voter_id = $1 AND v.withdrawn_at IS NULL
"""

_NEWEST = "WHERE i.submitted_at IS NOT NULL ORDER BY i.submitted_at DESC, i.id DESC LIMIT 21"
FEED = {
    # The page is found first and joined afterwards: 21 rows, whatever the planner thinks of ten tables.
    "postgresql": f"""
    SELECT {_COLUMNS} FROM (SELECT i.* FROM ideas i {_NEWEST}) i
    JOIN tallies t ON t.idea_id = i.id {_JOINS} ORDER BY i.submitted_at DESC, i.id DESC
    """,  # noqa: S608  constants of this module
    # SQLite walks the index anyway, and would copy the page: a fifth more instructions.
    "sqlite": f"SELECT {_COLUMNS} FROM ideas i JOIN tallies t ON t.idea_id = i.id {_JOINS} {_NEWEST}",  # noqa: S608  the same
}

COMPLETIONS = """
    SELECT stem, ideas FROM search_terms WHERE word >= $1 AND word < $2 ORDER BY ideas DESC, word LIMIT 30
"""

RARE = 2_000
"""Ideas with a word up to which all of them are looked at; beyond, the hottest ideas are tried one by one."""

# The words stand in the text, not in a parameter: PostgreSQL plans them by how often they occur. They are stems,
# letters and digits only.
_MATCHING = {
    "postgresql": "SELECT idea_id FROM search_documents s WHERE s.document @@ '{matched}'::tsquery",
    "sqlite": """SELECT idea_id FROM search_documents s WHERE s.number IN
        (SELECT rowid FROM search_index WHERE search_index MATCH '{matched}')""",
}
_HOTTEST = "ORDER BY t.hot DESC, t.idea_id DESC"
_FOUND = f"""
    SELECT {_COLUMNS} FROM page t JOIN ideas i ON i.id = t.idea_id {_JOINS} {_HOTTEST}
"""  # noqa: S608  constants of this module

SEARCH_RARE = {
    engine: f"""
    WITH found AS MATERIALIZED ({matching}),
    page AS (SELECT t.* FROM found JOIN tallies t ON t.idea_id = found.idea_id
             WHERE t.stage <> 'draft' {_HOTTEST} LIMIT 21)
    {_FOUND}
    """  # noqa: S608  constants of this module
    for engine, matching in _MATCHING.items()
}
SEARCH_COMMON = {
    engine: f"""
    WITH page AS (SELECT t.* FROM tallies t WHERE t.stage <> 'draft'
                  AND EXISTS ({matching} AND s.idea_id = t.idea_id) {_HOTTEST} LIMIT 21)
    {_FOUND}
    """  # noqa: S608  constants of this module
    for engine, matching in _MATCHING.items()
}

_LISTS = {
    "postgresql": """
    (SELECT json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY x.position)::text
     FROM authorships x JOIN employees p ON p.id = x.employee_id
     WHERE x.idea_id = i.id AND x.state = 'accepted' AND NOT i.anonymous),
    (SELECT json_agg(g.tag ORDER BY g.position)::text FROM idea_tags g WHERE g.idea_id = i.id),
    (SELECT json_agg(json_build_object('key', f.key, 'value', v.value) ORDER BY f.position)::text
     FROM field_values v JOIN campaign_fields f ON f.id = v.field_id
     WHERE v.idea_id = i.id AND f.campaign_id = i.campaign_id)
    """,
    "sqlite": """
    (SELECT json_group_array(json_object('id', id, 'name', name)) FROM
     (SELECT p.id, p.name FROM authorships x JOIN employees p ON p.id = x.employee_id
      WHERE x.idea_id = i.id AND x.state = 'accepted' AND NOT i.anonymous ORDER BY x.position)),
    (SELECT json_group_array(tag) FROM
     (SELECT g.tag FROM idea_tags g WHERE g.idea_id = i.id ORDER BY g.position)),
    (SELECT json_group_array(json_object('key', key, 'value', value)) FROM
     (SELECT f.key, v.value FROM field_values v JOIN campaign_fields f ON f.id = v.field_id
      WHERE v.idea_id = i.id AND f.campaign_id = i.campaign_id ORDER BY f.position))
    """,
}

IDEA = {
    engine: f"""
    SELECT {_COLUMNS}, i.problem, i.solution, i.benefit, i.version, i.updated_at, r.opened_at, r.due_at,
        r.paused_at, {lists}
    FROM ideas i JOIN tallies t ON t.idea_id = i.id {_JOINS}
    LEFT JOIN reviews r ON r.idea_id = i.id AND r.closed_at IS NULL
    WHERE i.id = $2 AND (i.stage <> 'draft' OR o.state = 'accepted')
    """  # noqa: S608  constants of this module
    for engine, lists in _LISTS.items()
}

COMMENTS = """
    WITH page AS (
        SELECT m.id FROM comments m WHERE m.idea_id = $1 AND m.parent_id IS NULL
        ORDER BY m.created_at, m.id LIMIT 51
    )
    SELECT m.id, m.idea_id, m.author_id, e.name, m.body, m.parent_id, m.created_at, m.edited_at,
           m.deleted_at IS NOT NULL, m.version, m.unnamed AND i.anonymous, m.credited_at IS NOT NULL,
           m.hidden_code, o.state = 'accepted' AND coalesce(a.state, '') <> 'accepted'
    FROM comments m JOIN employees e ON e.id = m.author_id JOIN ideas i ON i.id = m.idea_id
    LEFT JOIN authorships a ON a.idea_id = i.id AND a.employee_id = m.author_id
    LEFT JOIN authorships o ON o.idea_id = i.id AND o.employee_id = $2
    WHERE (m.id IN (SELECT id FROM page) OR m.parent_id IN (SELECT id FROM page))
      AND m.idea_id = $1 AND i.stage <> 'draft'
    ORDER BY m.created_at, m.id
"""

# What may be voted on or discussed by the reader, as the rules have it.
_OPEN = """
    SELECT i.id, i.anonymous, o.state = 'accepted' AS own, {youth} AS youth
    FROM ideas i LEFT JOIN authorships o ON o.idea_id = i.id AND o.employee_id = $1 WHERE i.id = $2
"""
_YOUTH = {
    "postgresql": "extract(epoch FROM i.submitted_at)::float8 / 45000",
    "sqlite": "(julianday(i.submitted_at) - 2440587.5) * 86400.0 / 45000",
}
VOTABLE = {
    engine: _OPEN.format(youth=youth)
    + "AND i.stage NOT IN ('draft', 'declined', 'withdrawn', 'merged') AND coalesce(o.state, '') <> 'accepted'"
    for engine, youth in _YOUTH.items()
}
DISCUSSED = {
    engine: _OPEN.format(youth=youth) + "AND i.stage NOT IN ('draft', 'merged')"
    for engine, youth in _YOUTH.items()
}

VOTE = f"""
    WITH seen AS ({VOTABLE["postgresql"]}),
    added AS (
        INSERT INTO votes (id, idea_id, voter_id, cast_at) SELECT $3, id, $1, $4 FROM seen
        ON CONFLICT (idea_id, voter_id) WHERE withdrawn_at IS NULL DO NOTHING RETURNING id
    ),
    noted AS (
        INSERT INTO events (kind, subject, payload, at, attempts)
        SELECT 'votes.cast', id, '{{}}', $4, 0 FROM added
    )
    UPDATE tallies t SET votes = votes + 1, attention = attention + 2,
        hot = log(greatest(1, votes + 1 + 2 * comments)::float8) + seen.youth
    FROM seen, added WHERE t.idea_id = seen.id RETURNING votes
"""  # noqa: S608  constants of this module

COMMENT = f"""
    WITH seen AS ({DISCUSSED["postgresql"]}),
    added AS (
        INSERT INTO comments (id, idea_id, author_id, body, unnamed, version, created_at)
        SELECT $3, id, $1, $4, anonymous AND coalesce(own, false), 1, $5 FROM seen RETURNING id, unnamed
    ),
    noted AS (
        INSERT INTO events (kind, subject, actor_id, payload, at, attempts)
        SELECT 'comments.written', id, CASE WHEN unnamed THEN NULL ELSE $1 END, '{{}}', $5, 0 FROM added
    ),
    moved AS (
        UPDATE tallies t SET comments = comments + 1, attention = attention + 5,
            hot = log(greatest(1, votes + 2 * (comments + 1))::float8) + seen.youth
        FROM seen WHERE t.idea_id = seen.id
    )
    SELECT e.name, added.unnamed FROM added, employees e WHERE e.id = $1
"""  # noqa: S608  constants of this module

ADD_VOTE = """
    INSERT INTO votes (id, idea_id, voter_id, cast_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (idea_id, voter_id) WHERE withdrawn_at IS NULL DO NOTHING
"""
MOVE_VOTES = """
    UPDATE tallies SET votes = votes + 1, attention = attention + 2,
        hot = log10(max(1, votes + 1 + 2 * comments)) + $1
    WHERE idea_id = $2 RETURNING votes
"""
NOTE = "INSERT INTO events (kind, subject, actor_id, payload, at, attempts) VALUES ($1, $2, $3, '{}', $4, 0)"
ADD_COMMENT = """
    INSERT INTO comments (id, idea_id, author_id, body, unnamed, version, created_at)
    VALUES ($1, $2, $3, $4, $5, 1, $6)
"""
MOVE_COMMENTS = """
    UPDATE tallies SET comments = comments + 1, attention = attention + 5,
        hot = log10(max(1, votes + 2 * (comments + 1))) + $1
    WHERE idea_id = $2
"""
NAME = "SELECT name FROM employees WHERE id = $1"
