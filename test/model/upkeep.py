"""What moves the log on behind its end: tierer, merger, retention, fences; and a reader that goes on with an old head."""
from collections import namedtuple
from store import BUGS, Op, base, execute, id_at, page_after, read_pages, segment_at, size
from appender import attempt

Tierer = namedtuple("Tierer", "rounds after")
Merger = namedtuple("Merger", "after")
Retention = namedtuple("Retention", "to after")       # to: the new log start; None: what is tiered
Fencer = namedtuple("Fencer", "old new after")
Reader = namedtuple("Reader", "looks")
Working = namedtuple("Working", "pc left head take")

def start(call):
    left = call.rounds if isinstance(call, Tierer) else call.looks if isinstance(call, Reader) else 1
    return Working("start", left, None, None)

def put(s, i, p): return s._replace(procs=s.procs[:i] + (p,) + s.procs[i + 1:])
def done(s, i): return put(s, i, Working("done", 0, None, None))
def waits(s, call): return call.after is not None and s.procs[call.after].pc != "done"

def tier(s, i, call, p):
    def again(t): return put(t, i, Working("start", p.left - 1, None, None)) if p.left > 1 else done(t, i)
    if p.pc == "start" and not waits(s, call): yield "reads the head", put(s, i, p._replace(pc="pages", head=s.head))
    elif p.pc == "pages":
        o = p.head.tiered
        while o < base(p.head):
            page = page_after(s.pages, o)
            if page is None or page[0] > o: yield "finds a page gone", again(s); return
            o = page[0] + size(page[1])
            take = read_pages(s.pages, p.head.tiered, o, "overlap-uncut" not in BUGS)
            yield f"takes pages up to {o}", put(s, i, p._replace(pc="segment", take=(take, page_ends(s, o))))
    elif p.pc == "segment":
        first, (entries, ends) = p.head.tiered, p.take
        if "delete-before-commit" in BUGS:
            t, _ = execute(s, Op("delete-pages", ends))
            yield "deletes pages first", put(t, i, p._replace(pc="commit"))
        def adopt(t, r): return put(t, i, p._replace(pc="commit", take=(r[1], adopted(first + size(r[1]), ends))))
        yield from attempt(s, Op("put-segment", (first, entries)), adopt, again)
    elif p.pc == "commit":
        first, (entries, _) = p.head.tiered, p.take
        yield from attempt(s, Op("tier", (first, first + size(entries))),
                           lambda t, r: put(t, i, p._replace(pc="delete")) if r[0] == "ok" else again(t), again)
    elif p.pc == "delete":
        yield from attempt(s, Op("delete-pages", p.take[1]), lambda t, r: again(t), again)

def page_ends(s, to): return tuple(sorted(end for end, _ in s.pages if end <= to))
def adopted(to, ends): return ends if "delete-taken" in BUGS else tuple(end for end in ends if end <= to)

def merge(s, i, call, p):
    """Two neighbours become one: a replacement of the first on condition of its version, then the second goes."""
    if p.pc == "start" and not waits(s, call):
        segs = sorted(seg for seg in s.segs if seg[0] + size(seg[1]) <= s.head.tiered)
        for a, b in zip(segs, segs[1:]):
            if a[0] + size(a[1]) == b[0]: yield f"merges {a[0]} and {b[0]}", put(s, i, p._replace(pc="replace", take=(a, b)))
    elif p.pc == "replace":
        a, b = p.take
        op = Op("replace-segment", (a, (a[0], a[1] + b[1], a[2] + 1)))
        yield from attempt(s, op, lambda t, r: put(t, i, p._replace(pc="remove")) if r[0] == "ok" else done(t, i), lambda t: done(t, i))
    elif p.pc == "remove":
        b = p.take[1]
        yield from attempt(s, Op("remove-segment", (b[0], b[2])), lambda t, r: done(t, i), lambda t: done(t, i))

def retain(s, i, call, p):
    """The log start moves first; then tieredTo follows to a boundary of entries at or below it; then things are deleted."""
    if p.pc == "start" and not waits(s, call):
        to = s.head.tiered if call.to is None else call.to
        if s.head.start < to <= s.head.next:
            yield from attempt(s, Op("retain", to), lambda t, r: put(t, i, p._replace(pc="head")), lambda t: put(t, i, p._replace(pc="head")))
    elif p.pc == "head": yield "reads the head", put(s, i, p._replace(pc="skip", head=s.head))
    elif p.pc == "skip":
        old, to = p.head.tiered, boundary(s, p.head)
        if to is None: yield "finds a page gone", put(s, i, p._replace(pc="head"))
        elif to <= old: yield "has nothing to skip", put(s, i, p._replace(pc="delete"))
        else: yield from attempt(s, Op("tier", (old, to)), lambda t, r: put(t, i, p._replace(pc="head" if r[0] != "ok" else "delete", take=page_ends(s, to))),
                                 lambda t: put(t, i, p._replace(pc="delete")))
    elif p.pc == "delete":
        def then(t, r=None): return put(t, i, p._replace(pc="segments"))
        if p.take: yield from attempt(s, Op("delete-pages", p.take), then, then)
        else: yield "has no pages to delete", then(s)
    elif p.pc == "segments": yield from attempt(s, Op("delete-segments", p.head.start), lambda t, r: done(t, i), lambda t: done(t, i))

def boundary(s, h):
    """The last boundary of entries at or below the log start, at most the tail's base; None where a page is gone."""
    if "skip-past-tail" in BUGS: return h.start
    if h.start >= base(h): return base(h)
    if h.start <= h.tiered: return h.tiered
    entries = read_pages(s.pages, h.tiered, base(h))
    if entries is None: return None
    to = h.tiered
    for _, count in entries:
        if to + count > h.start: return to + count if "skip-round-up" in BUGS else to
        to += count
    return to

def fence(s, i, call, p):
    if p.pc == "start" and not waits(s, call):
        yield from attempt(s, Op("fence", (call.old, call.new)), lambda t, r: done(t, i), lambda t: done(t, i))

def read(s, i, call, p):
    if p.pc == "start" and p.left: yield "reads the head", put(s, i, p._replace(pc="index", head=s.head, left=p.left - 1))
    elif p.pc == "index": yield "reads the index", put(s, i, p._replace(pc="start", head=None))

def look(s, h, offset):
    """What a reader that saw head h finds for the offset now: an id, or None where the index has nothing."""
    if offset >= base(h): return id_at(base(h), h.tail, offset)
    found = page_after(s.pages, offset) if offset >= h.tiered else segment_at(s.segs, offset)
    return found and id_at(*found, offset)

STEPS = {Tierer: tier, Merger: merge, Retention: retain, Fencer: fence, Reader: read}
