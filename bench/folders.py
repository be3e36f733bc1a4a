"""Fills a server's data folder with very many tasks, projects and events.

It writes into the databases directly, in SQL: through the API fifty million events would take hours. The server has made
the tables before, and its triggers keep what it counts.
"""

import sqlite3
from dataclasses import dataclass

LINES_PER_TASK = 40
POINTS_PER_TASK = 8
PROJECTS_PER_GROUP = 10
YEAR = 365 * 86_400


@dataclass(frozen=True)
class Size:
    """How much is in a folder. Beside its tasks' own events there are one long log and one long curve."""

    tasks: int

    @property
    def projects(self):
        return self.tasks // 100

    @property
    def events(self):
        return self.tasks * (LINES_PER_TASK + POINTS_PER_TASK + 2)

    @property
    def long(self):
        """The lines of the long log, and the points of the long curve."""
        return self.tasks


def fill(data, size, now):
    """Fills the data folder `data` of a server that does not run. `now` is the time of the newest task, in seconds."""
    database = sqlite3.connect(data / "stint.sqlite", isolation_level=None)
    database.execute("ATTACH ? AS events", [str(data / "events.sqlite")])
    for name in ("main", "events"):
        # Nothing is lost here if the power fails.
        database.executescript(f"PRAGMA {name}.journal_mode = OFF; PRAGMA {name}.synchronous = OFF;")
        database.execute(f"PRAGMA {name}.cache_size = -200000")
    database.executescript(NUMBERS.format(tasks=size.tasks, projects=size.projects))
    database.execute("BEGIN")
    for statement in (USERS, GROUPS, PROJECTS, TASKS, EVENT_TASKS, WORKERS, LINES, SERIES, POINTS):
        database.execute(
            statement,
            {
                "now": now,
                "tasks": size.tasks,
                "groups": max(1, size.projects // PROJECTS_PER_GROUP),
                "projects": size.projects,
                "step": YEAR / size.tasks,
                "lines": LINES_PER_TASK,
                "points": POINTS_PER_TASK,
                "long": size.long,
            },
        )
    database.execute("COMMIT")
    for name in ("main", "events"):
        database.execute(f"PRAGMA {name}.journal_mode = WAL")
    database.close()


def count(first, last):
    """SQL for the numbers from one to another."""
    return f"(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT i FROM n)"


def one_of(values):
    """SQL for one of (value, per mille), by chance."""
    cases, sum_of_shares = "", 0
    for value, share in values:
        sum_of_shares += share
        cases += f" WHEN chance < {sum_of_shares} THEN '{value}'"
    return f"(SELECT CASE {cases} END FROM (SELECT abs(random() % {sum_of_shares} + tasks_to_be.i * 0) AS chance))"


def text_time(seconds):
    return f"strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', {seconds}, 'unixepoch')"


# Identifiers are random, as those of a server are: what is found by them lies anywhere.
NUMBERS = f"""
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE tasks_to_be (i INTEGER PRIMARY KEY, id TEXT);
INSERT INTO tasks_to_be SELECT i, lower(hex(randomblob(16))) FROM {count(1, "{tasks}")};
CREATE TEMP TABLE projects_to_be (i INTEGER PRIMARY KEY, id TEXT);
INSERT INTO projects_to_be SELECT i, lower(hex(randomblob(16))) FROM {count(1, "{projects}")};
"""

USERS = f"""
INSERT INTO users (id, doc)
SELECT printf('user%d', i), json_object('id', printf('user%d', i), 'name', printf('User %d', i)) FROM {count(1, 20)}
"""

GROUPS = f"""
INSERT INTO projects (id, doc)
SELECT id, json_object(
  'id', id, 'name', printf('group %d', i), 'basename', printf('group %d', i), 'path', json_array(), 'user', 'user1',
  'description', '', 'created', {text_time(":now - 31536000 + i")}, 'last_update', {text_time(":now - 1000 + i % 1000")},
  'tags', json_array(), 'system_tags', json_array())
FROM projects_to_be WHERE i <= :groups
"""

PROJECTS = f"""
INSERT INTO projects (id, doc)
SELECT child.id, json_object(
  'id', child.id, 'name', printf('group %d/project %d', parent.i, child.i), 'basename', printf('project %d', child.i),
  'parent', parent.id, 'path', json_array(parent.id), 'user', 'user1', 'description', '',
  'created', {text_time(":now - 31536000 + child.i")}, 'last_update', {text_time(":now - 2000000 + child.i")},
  'tags', json_array(), 'system_tags', json_array())
FROM projects_to_be AS child JOIN projects_to_be AS parent ON parent.i = child.i % :groups + 1
WHERE child.i > :groups AND child.i <= :projects
"""

STATUSES = [
    ("completed", 700), ("failed", 150), ("stopped", 80), ("created", 50), ("published", 15), ("queued", 3),
    ("in_progress", 2),
]  # fmt: skip
TYPES = [("training", 600), ("testing", 200), ("data_processing", 150), ("controller", 40), ("optimizer", 10)]

TASKS = f"""
INSERT INTO tasks (id, doc)
WITH new AS MATERIALIZED (
  SELECT i, id, :now - 31536000 + i * :step AS made, abs(random() % 36000) AS ran,
    {one_of(STATUSES)} AS status, {one_of(TYPES)} AS type, 1 + abs(random() % :projects) AS place
  FROM tasks_to_be)
SELECT new.id, json_object(
  'id', new.id, 'name', printf('train model %d with seed %d', new.i % 977, new.i), 'type', type, 'status', status,
  'user', printf('user%d', 1 + new.i * 7 % 20), 'project', projects_to_be.id,
  'created', {text_time("made")}, 'started', {text_time("made + 60")}, 'completed', {text_time("made + 60 + ran")},
  'last_update', {text_time("made + 60 + ran")}, 'status_changed', {text_time("made + 60 + ran")},
  'last_change', {text_time("made + 60 + ran")}, 'active_duration', ran, 'last_iteration', 100,
  'tags', CASE WHEN new.i % 1000 = 500 THEN json_array('best', printf('run %d', new.i % 50)) ELSE json_array(printf('run %d', new.i % 50)) END,
  'system_tags', CASE WHEN new.i % 5 = 0 THEN json_array('archived') ELSE json_array() END,
  'script', json_object(
    'binary', 'python', 'repository', 'https://git.example.org/research/models.git', 'branch', 'main',
    'entry_point', 'train.py', 'working_dir', '.',
    'requirements', json_object('pip', 'torch==2.4.0' || char(10) || 'numpy==2.1.0' || char(10) || 'pandas==2.2.2')),
  'hyperparams', json_object('Args', json_object(
    'lr', json_object('section', 'Args', 'name', 'lr', 'value', printf('%.4f', new.i % 97 / 1000.0)),
    'seed', json_object('section', 'Args', 'name', 'seed', 'value', printf('%d', new.i)))),
  'execution', json_object('queue', '', 'artifacts', json_array()), 'last_metrics', json_object(),
  'unique_metrics', json_array(), 'models', json_object('input', json_array(), 'output', json_array()),
  'runtime', json_object(), 'configuration', json_object(), 'container', json_object())
FROM new JOIN projects_to_be ON projects_to_be.i = new.place
"""

# The first task has the long log, the second one the long curve.
EVENT_TASKS = """
INSERT INTO events.tasks (id, task, lines, next_line)
SELECT i, id, :lines + iif(i = 1, :long, 0), :lines + iif(i = 1, :long, 0) FROM tasks_to_be
"""

WORKERS = "INSERT INTO events.workers (id, worker) VALUES (1000, 'gpu-machine:0')"

LINES = f"""
INSERT INTO events.logs (task, timestamp, line, worker, level, msg)
SELECT tasks_to_be.i, :now * 1000 + line.i * 500, line.i, 1000, 'info',
  printf('Epoch %d, step %d: loss 0.%04d, learning rate 0.0010, 128 samples in 0.25 s, 512 samples a second',
    line.i / 10, line.i, line.i * 7919 % 10000)
FROM tasks_to_be CROSS JOIN {count(0, "(:lines - 1)")} AS line
UNION ALL
SELECT 1, :now * 1000 + i * 500, i, 1000, 'info', printf('Step %d of the long run: loss 0.%04d', i, i * 7919 % 10000)
FROM {count(":lines", "(:long + :lines - 1)")}
"""

SERIES = """
INSERT INTO events.series (id, task, kind, metric, variant, count, sum, first, first_iter, last, last_iter,
  last_timestamp, min, min_iter, max, max_iter)
SELECT i, i, 1, 'loss', 'train', points, 0, 1, 0, 1, points - 1, :now * 1000, 0, 0, 1, 1
FROM (SELECT i, :points + iif(i = 2, :long, 0) AS points FROM tasks_to_be)
"""

POINTS = f"""
INSERT INTO events.scalars (series, iter, timestamp, value)
SELECT tasks_to_be.i, point.i, :now * 1000 + point.i, 1.0 / (1 + point.i)
FROM tasks_to_be CROSS JOIN {count(0, "(:points - 1)")} AS point
UNION ALL
SELECT 2, i, :now * 1000 + i, 1.0 / (1 + i) FROM {count(":points", "(:points + :long - 1)")}
"""
