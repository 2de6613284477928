"""Every interleaving of a scenario's processes and delayed writes, breadth first, and what has to hold in each state."""
import time
import appender, store, upkeep
from appender import AppendCall, RULES
from store import BUGS, SEQUENCE, Head, State, base, execute, size, tidy

CAPPED = "more states than the bound"
COUNTS = {}           # records of each append

def moves(s, calls):
    """(who, label, next state)"""
    for i, (call, p) in enumerate(zip(calls, s.procs)):
        if p.pc == "done": continue
        step = appender.step if isinstance(call, AppendCall) else upkeep.STEPS[type(call)]
        for label, t in step(s, i, call, p): yield call, label, tidy(t)
    for op in s.net:
        t, answer = execute(s, op)
        if t != s: yield "late", (op, answer), tidy(t._replace(net=s.net - {op}))

def log_violation(s):
    """Of head, index and log alone."""
    h, log = s.head, s.log
    if h.next != len(log): return "I5: offsets not dense"
    if not h.tiered <= base(h): return "the watermarks are out of order"
    for ident in set(log):
        if log.count(ident) > COUNTS[ident]: return f"I3: {ident} is there twice"
    sequences = [SEQUENCE[ident] for ident in set(log) if ident in SEQUENCE]
    if len(set(sequences)) < len(sequences): return "I3: a sequence is there twice"
    last = {}
    for ident in log:
        producer, position = SEQUENCE.get(ident, (None, 0))
        if producer and position < last.get(producer, 0): return f"I3: a position of {producer} went back"
        if producer: last[producer] = position
    if h.tiered < h.next and h.tiered > 0 and log[h.tiered - 1] == log[h.tiered]: return "tieredTo lies within a batch"
    for o in range(h.start, h.next):
        got = upkeep.look(s, h, o)
        if got != log[o]: return f"I7: offset {o} reads {got}, should be {log[o]}"
    return None

def answer_violation(log, acked, failed):
    for ident, at in acked:
        where = [o for o, other in enumerate(log) if other == ident or ident in SEQUENCE and SEQUENCE.get(other) == SEQUENCE[ident]]
        if not where: return f"I1: {ident} was acknowledged and is not there"
        if at is not None and where[0] != at: return f"I1: {ident} was acknowledged at {at} and lies at {where[0]}"
    for ident in failed:
        if ident in log: return f"I4: {ident} was refused for good and is in the log"
    return None

def reader_violation(s, seen):
    """A reader goes on with the head that it saw; what it misses, the head as it is now has to explain."""
    for o in range(seen.start, seen.next):
        got = upkeep.look(s, seen, o)
        if got is None and not (s.head.tiered > o or s.head.start > o): return f"I7: a reader of an old head misses offset {o} and cannot know why"
        if got is not None and got != s.log[o]: return f"I2: a reader of an old head reads {got} at {o}"
    return None

def first_violation(s, calls, known):
    key = s[:3] + (s.log,)
    if key not in known: known[key] = log_violation(s)
    bad = known[key]
    if bad: return bad
    key = (s.log, s.acked, s.failed)
    if key not in known: known[key] = answer_violation(*key)
    bad = known[key]
    for call, p in zip(calls, s.procs):
        if isinstance(call, upkeep.Reader) and p.pc == "index": bad = bad or reader_violation(s, p.head)
    return bad

def initial(calls, segs, pages, orphans, tail, prods, spill, token):
    """segs, pages: what lies there at the start, each a tuple of (id, count). orphans: (end, entries) of pages beside those."""
    COUNTS.clear(); SEQUENCE.clear()
    for call in calls:
        if not isinstance(call, AppendCall): continue
        COUNTS[call.id] = call.count
        if call.producer: SEQUENCE[call.id] = (call.producer, call.position)
    log, old, recent = (), [], []
    for kind, entries in [*(("s", e) for e in segs), *(("p", e) for e in pages), ("t", tail)]:
        first = len(log)
        for ident, count in entries: COUNTS[ident] = count; log += (ident,) * count
        if kind == "s": old.append((first, tuple(entries), 1))
        if kind == "p": recent.append((len(log), tuple(entries)))
    head = Head(0, 0, sum(map(size, segs)), len(log), tuple(tail), tuple(prods), bool(spill), token)
    procs = tuple(appender.START if isinstance(call, AppendCall) else upkeep.start(call) for call in calls)
    return State(head, frozenset(recent) | frozenset(orphans), frozenset(old), tuple(spill), frozenset(), procs, log, frozenset(), frozenset())

def explore(calls, bugs=(), segs=(), pages=(), orphans=(), tail=(), prods=(), spill=(), token=None, window=1, producers=9, fence=1, outrun=False, cap=1_500_000):
    """(violation or None, trace, states, seconds)"""
    BUGS.clear(); BUGS.update(bugs)
    RULES.update(window=window, producers=producers, fence=fence, outrun=outrun)
    first, started, known = initial(calls, segs, pages, orphans, tail, prods, spill, token), time.time(), {}
    parents, frontier = {first: None}, [first]
    while frontier:
        following = []
        for s in frontier:
            for _, _, t in moves(s, calls):
                if t in parents: continue
                parents[t] = s
                bad = first_violation(t, calls, known)
                if bad: return bad, trace(t, parents, calls), len(parents), time.time() - started
                following.append(t)
        frontier = following
        if len(parents) > cap: return CAPPED, [], len(parents), time.time() - started
    return None, [], len(parents), time.time() - started

def trace(t, parents, calls):
    lines = []
    while parents[t] is not None:
        s = parents[t]
        who, label, _ = next(move for move in moves(s, calls) if move[2] == t)
        name = who if isinstance(who, str) else getattr(who, "id", type(who).__name__)
        lines.append(f"{name}: {describe(label)}")
        t = s
    return lines[::-1]

def describe(label):
    if isinstance(label, str): return label
    op, answer = label
    args = {k: v for k, v in op.args._asdict().items() if v is not None} if hasattr(op.args, "_asdict") else op.args
    said = answer if isinstance(answer, str) else " ".join(str(part) for part in answer if not isinstance(part, Head))
    return f"{op.kind} {args} -> {said}"
