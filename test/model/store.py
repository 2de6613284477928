"""What the store does: one partition's items, and each conditional write to one of them. A write is atomic; nothing spans two items.

Watermarks of the head: start <= next, tiered <= base <= next, where base = next - records of the tail.
    [start .. tiered)  segments     [tiered .. base)  pages     [base .. next)  tail inside the head
"""
from collections import namedtuple

Head = namedtuple("Head", "gen start tiered next tail prods flag token")
# tail: ((id, count), ...)   prods: ((producer, position), ...)   flag: some producer left for an item of its own
State = namedtuple("State", "head pages segs spill net procs log acked failed")
# pages: {(end, entries)}   segs: {(base, entries, version)}   spill: like prods   net: delayed writes
# ghosts: log: the id at each offset   acked: {(id, offset or None for "a duplicate")}   failed: {id}

BUGS = set()          # the seeded bugs of this run
SEQUENCE = {}         # id of an append -> (producer, position), where it has them
LAP = 100             # positions are ordered numbers: epoch * LAP + sequence

def size(entries): return sum(count for _, count in entries)
def base(head): return head.next - size(head.tail)
def epoch(position): return position // LAP
def value(pairs, key): return next((v for k, v in pairs if k == key), None)
def with_value(pairs, key, v): return tuple(sorted([(k, w) for k, w in pairs if k != key] + [(key, v)]))

def offset_of(first, entries, ident):
    for i, count in entries:
        if i == ident: return first
        first += count
    return None

def id_at(first, entries, offset):
    for ident, count in entries:
        if first <= offset < first + count: return ident
        first += count
    return None

def page_after(pages, offset):
    """The page with the smallest end past the offset, as (base, entries): one query forward."""
    if "page-by-base" in BUGS:
        found = max(((end - size(entries), entries) for end, entries in pages if end - size(entries) <= offset), default=None)
        return found if found and found[0] + size(found[1]) > offset else None
    found = min((page for page in pages if page[0] > offset), default=None)
    return found and (found[0] - size(found[1]), found[1])

def read_pages(pages, offset, to, cut=True):
    """Entries from the offset up to `to`, cut where pages overlap; None where something is missing."""
    got = []
    while offset < to:
        page = page_after(pages, offset)
        if page is None or page[0] > offset: return None
        first, entries = page
        for entry in entries:
            if first >= offset or not cut: got.append(entry)
            first += entry[1]
        offset = first
    return tuple(got)

def segment_at(segs, offset):
    """The segment with the greatest base at or below the offset; where it does not reach it, the one before."""
    for first, entries, _ in sorted((seg for seg in segs if seg[0] <= offset), reverse=True):
        if first + size(entries) > offset: return first, entries
        if "no-fallback" in BUGS: return None
    return None

# ---------------------------------------------------------------- writes
Op = namedtuple("Op", "kind args")
Commit = namedtuple("Commit", "id count lo hi setgen tail next match token advance evict")
ANY = -1              # `lo` of a commit that is conditioned on "at most" alone
# lo, hi: the generations it may meet   tail: ("append", hard limit) | ("replace",) | ("drop", entries)
# advance: (producer, from: position or "new", even if spilled, to)   evict: (producer, position)

def any_generation(c): return "no-generation" in BUGS or "window-unbounded" in BUGS and c.lo == ANY

def refusal(h, c):
    """Why the head refuses this commit, or None."""
    if not c.lo <= h.gen <= c.hi and not any_generation(c): return "generation"
    if c.id and offset_of(0, h.tail, c.id) is not None and "no-id-check" not in BUGS: return "present"
    if c.tail[0] == "append" and len(h.tail) >= c.tail[1]: return "full"
    if c.next is not None and c.next != h.next and "replace-unseen" not in BUGS: return "grown"
    if c.match is not None and c.match != h.next: return "match"
    if c.token is not None and c.token != h.token: return "token"
    if c.advance:
        producer, at, even, to = c.advance
        now = value(h.prods, producer)
        if at != "new" and at != now: return "sequence"
        if at == "new" and now is not None and epoch(now) >= epoch(to): return "sequence"
        if at == "new" and h.flag and not even and "new-ignores-flag" not in BUGS: return "spilled"
    if c.evict and value(h.prods, c.evict[0]) != c.evict[1] and "evict-unseen" not in BUGS: return "advanced"
    return None

def carry_out(h, c):
    tail = h.tail if c.tail[0] == "append" else () if c.tail[0] == "replace" or "trim-all" in BUGS else h.tail[c.tail[1]:]
    prods = h.prods
    if c.evict: prods = tuple(p for p in prods if p[0] != c.evict[0])
    if c.advance: prods = with_value(prods, c.advance[0], c.advance[3])
    return h._replace(gen=h.gen if c.setgen is None else c.setgen, next=h.next + (c.count if c.id else 0),
                      tail=tail + (((c.id, c.count),) if c.id else ()), prods=prods, flag=h.flag or c.evict is not None)

def execute(s, op):
    """The state after the write, and its answer."""
    h, (kind, a) = s.head, op
    if kind == "commit":
        why = refusal(h, a)
        if why: return s, ("refused", why, h)
        after = carry_out(h, a)
        return s._replace(head=after, log=s.log + ((a.id,) * a.count if a.id else ())), ("ok", h.next, after)
    if kind == "put-page":                                                # overwrites
        end, entries = a
        if "page-by-base" in BUGS: kept = (p for p in s.pages if p[0] - size(p[1]) != end - size(entries))
        else: kept = (p for p in s.pages if p[0] != end)
        return s._replace(pages=frozenset(kept) | {a}), ("ok",)
    if kind == "spill":                                                   # keeps the greatest position
        now = value(s.spill, a[0])
        if now is not None and now >= a[1] and "spill-overwrite" not in BUGS: return s, ("ok",)
        return s._replace(spill=with_value(s.spill, *a)), ("ok",)
    if kind == "fence":
        if h.token != a[0]: return s, ("refused",)
        return s._replace(head=h._replace(token=a[1])), ("ok",)
    if kind == "put-segment":                                             # only if absent
        was = next((seg for seg in s.segs if seg[0] == a[0]), None)
        if was and "segment-overwrite" not in BUGS: return s, ("exists", was[1])
        return s._replace(segs=frozenset(seg for seg in s.segs if seg[0] != a[0]) | {(*a, 1)}), ("ok", a[1])
    if kind == "replace-segment":                                         # where it is the version seen
        if a[0] not in s.segs: return s, ("lost",)
        return s._replace(segs=(s.segs - {a[0]}) | {a[1]}), ("ok",)
    if kind == "remove-segment":
        kept = frozenset(seg for seg in s.segs if (seg[0], seg[2]) != a)
        return s._replace(segs=kept), ("ok",)
    if kind == "tier":                                                    # compare and set
        if h.tiered != a[0] and "tier-blind" not in BUGS: return s, ("refused",)
        return s._replace(head=h._replace(tiered=a[1])), ("ok",)
    if kind == "retain":
        if a <= h.start: return s, ("refused",)
        return s._replace(head=h._replace(start=a)), ("ok",)
    if kind == "delete-pages": return s._replace(pages=frozenset(p for p in s.pages if p[0] not in a)), ("ok",)
    if kind == "delete-segments": return s._replace(segs=frozenset(x for x in s.segs if x[0] + size(x[1]) > a)), ("ok",)
    raise ValueError(kind)

def dead(s, op):
    """A delayed write that can never change anything: it is forgotten, which keeps the states few."""
    h, (kind, a) = s.head, op
    if kind == "commit": return h.gen > a.hi and not any_generation(a)
    if kind == "tier": return h.tiered > a[0] and "tier-blind" not in BUGS
    if kind == "retain": return a <= h.start
    if kind == "spill": return (value(s.spill, a[0]) or -1) >= a[1] and "spill-overwrite" not in BUGS
    return False

def tidy(s):
    if not s.net: return s
    live = frozenset(op for op in s.net if not dead(s, op))
    return s if len(live) == len(s.net) else s._replace(net=live)
