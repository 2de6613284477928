"""One append: read the head, commit, roll where the tail is full, and resolve what has no answer. Each step yields (label, next state)."""
from collections import namedtuple
from store import ANY, BUGS, SEQUENCE, Commit, Op, base, epoch, execute, offset_of, read_pages, size, value

AppendCall = namedtuple("AppendCall", "id count producer position match token tries soft hard roll after")
# roll: "replace" the tail, or the number of its oldest entries to drop   after: the process that has to be done first
Appending = namedtuple("Appending", "pc tries view looked base gmax page spilt")
# base, gmax: of attempts without an answer: where the search begins, and the last generation that any of them can meet
START = Appending("start", 0, None, None, None, None, None, None)

# fence: how far past the last loose generation a resend goes   outrun: a commit of nothing raises the generation before the search
RULES = {"window": 1, "producers": 9, "fence": 1, "outrun": False}

def put(s, i, p): return s._replace(procs=s.procs[:i] + (p,) + s.procs[i + 1:])
def done(s, i): return put(s, i, START._replace(pc="done"))
def ack(s, i, call, at): return done(s, i)._replace(acked=s.acked | {(call.id, at)})
def fail(s, i, call): return done(s, i)._replace(failed=s.failed | {call.id})
unknown = done                                                            # nothing is promised

def attempt(s, op, answered, silent):
    """The fates of a request: answered, or delayed: it takes effect at once without an answer, later, or never."""
    after, answer = execute(s, op)
    yield (op, answer), answered(after, answer)
    yield (op, "no answer"), silent(s._replace(net=s.net | {op}))

def settle(s, i, call, p, h):
    """A head after an attempt: is the append in it, can it still come, may it be sent again?"""
    at = offset_of(base(h), h.tail, call.id)
    if at is not None: return ack(s, i, call, at)
    p = p._replace(view=h, looked=None, page=None, pc="go")
    if p.gmax is None or "search-tail-only" in BUGS: return judge(s, i, call, p)
    if RULES["outrun"] and h.gen <= p.gmax and "search-unfenced" not in BUGS: return put(s, i, p._replace(pc="fence"))
    if h.tiered > p.base: return judge(s, i, call, p if "search-past-tiering" in BUGS else p._replace(pc="gone"))
    return put(s, i, p._replace(pc="search")) if base(h) > p.base else judge(s, i, call, p)

def judge(s, i, call, p):
    """What may be said of the append now that its loose attempts have not come up to this head."""
    h, gone = p.view, p.pc == "gone"
    if gone and call.producer is None: return unknown(s, i)
    if not gone and p.gmax is not None and (h.gen >= p.gmax if "dead-too-early" in BUGS else h.gen > p.gmax):
        p = p._replace(gmax=None, base=None)                              # none of them can come any more
    if not gone and p.gmax is not None: p = p._replace(base=base(h))      # what comes later lies after all that this head knew
    if RULES["outrun"] and "search-unfenced" in BUGS: p = p._replace(gmax=None, base=None)
    definite = p.gmax is None or "refusal-definite" in BUGS
    if call.match is not None and call.match != h.next:
        return fail(s, i, call) if definite or h.next > call.match and not gone else unknown(s, i)
    if call.token is not None and call.token != h.token: return fail(s, i, call) if definite else unknown(s, i)
    return put(s, i, p._replace(pc="go"))

def step(s, i, call, p):
    if p.pc == "start":
        if call.after is None or s.procs[call.after].pc == "done":
            yield "reads the head", put(s, i, p._replace(view=s.head, pc="go", tries=call.tries))
    elif p.pc == "resolve": yield "reads the head again", settle(s, i, call, p, s.head)
    elif p.pc == "fence":                                                 # nothing but the generation changes
        op = Op("commit", Commit(None, 0, p.view.gen, p.view.gen, p.gmax + 1, ("drop", 0), None, None, None, None, None))
        def again(t): return put(t, i, p._replace(pc="resolve"))
        if "fence-after-search" in BUGS: yield from attempt(s, op, lambda t, r: judge(t, i, call, p._replace(view=t.head)) if r[0] == "ok" else again(t), again)
        else: yield from attempt(s, op, lambda t, r: settle(t, i, call, p, r[2]) if r[0] == "ok" else again(t), again)
    elif p.pc == "search": yield from search(s, i, call, p)
    elif p.pc == "duplicate": yield from find_original(s, i, call, p)
    elif p.pc == "page-late": yield from attempt(s, Op("put-page", p.page), lambda t, r: done(t, i), lambda t: done(t, i))
    elif p.tries == 0: yield "gives up", (fail(s, i, call) if p.gmax is None else unknown(s, i))
    elif call.producer is None: yield from send(s, i, call, p, None)
    else: yield from sequence(s, i, call, p)

def search(s, i, call, p):
    """Pages from the base that was known when the first loose attempt was sent, up to the tail seen."""
    entries = read_pages(s.pages, p.base, base(p.view))
    if entries is None: yield "finds a page gone", put(s, i, p._replace(pc="resolve")); return
    at = offset_of(p.base, entries, call.id)
    if at is not None: yield "finds itself in a page", ack(s, i, call, at)
    else: yield "is in no page", judge(s, i, call, p)

def find_original(s, i, call, p):
    """The position is past: by whom, is for the log to say, as far as it is not tiered."""
    h = p.view
    entries = read_pages(s.pages, h.tiered, base(h))
    if entries is None: yield "finds a page gone", put(s, i, p._replace(pc="resolve")); return
    at = h.tiered
    for ident, count in entries + h.tail:
        if SEQUENCE.get(ident) == (call.producer, call.position): yield "finds the original", ack(s, i, call, at); return
        at += count
    yield "is a duplicate of old", ack(s, i, call, None)

def sequence(s, i, call, p):
    """From which position the producer goes on: what the head holds, or the item read after it."""
    h, now, even, to = p.view, value(p.view.prods, call.producer), False, call.position
    if h.flag and now is None and "new-ignores-flag" not in BUGS:
        if p.looked is None:
            item = value(s.spill, call.producer)
            yield "reads its spilled position", put(s, i, p._replace(looked=(-1 if item is None else item,))); return
        now, even = (None if p.looked[0] == -1 else p.looked[0]), True
    if now is not None and to <= now: yield from past(s, i, call, p, now)
    elif to == (now + 1 if now is not None and epoch(now) == epoch(to) else epoch(to) * 100):
        at = "new" if even or now is None else now                        # a position in the head is named, also that of an older epoch
        yield from send(s, i, call, p, (call.producer, at, even, to))
    else: yield "leaves a gap", (fail(s, i, call) if p.gmax is None or "refusal-definite" in BUGS else unknown(s, i))

def past(s, i, call, p, now):
    if epoch(now) == epoch(call.position): yield "is not the next", put(s, i, p._replace(pc="duplicate"))
    else: yield "has an old epoch", (fail(s, i, call) if p.gmax is None else unknown(s, i))

def victim(call, h):
    if call.producer is None or value(h.prods, call.producer) is not None or len(h.prods) < RULES["producers"]: return None
    return h.prods[0]

def send(s, i, call, p, advance):
    h, again = p.view, lambda t: put(t, i, p._replace(pc="resolve"))
    evict = victim(call, h)
    if evict and p.spilt != evict:
        yield from attempt(s, Op("spill", evict), lambda t, r: put(t, i, p._replace(spilt=evict)), again); return
    op = commit(call, p, advance, evict)
    if op.tail[0] != "append" and p.page is None and "page-after-trim" not in BUGS:
        taken = h.tail if op.tail[0] == "replace" else h.tail[:op.tail[1]]
        page = (base(h) + size(taken), taken)
        yield from attempt(s, Op("put-page", page), lambda t, r: put(t, i, p._replace(page=page)), again); return
    yield from attempt(s, Op("commit", op), lambda t, r: answered(t, i, call, p, op, r), lambda t: silent(t, i, p, op))

def answered(t, i, call, p, op, r):
    if r[0] == "ok" and op.id: return late_page(ack(t, i, call, r[1]), i, p, op)
    if r[0] == "ok": return settle(t, i, call, p, r[2])
    return settle(t, i, call, p._replace(tries=p.tries - 1), r[2])

def late_page(t, i, p, op):
    if op.tail[0] == "append" or "page-after-trim" not in BUGS: return t
    return put(t, i, START._replace(pc="page-late", page=(p.view.next, p.view.tail)))

def silent(t, i, p, op):
    p = p._replace(pc="resolve", tries=p.tries - 1, page=None)
    if not op.id: return put(t, i, p)
    if p.base is None: p = p._replace(base=base(p.view))
    last = "gmax-of-last" in BUGS or p.gmax is None
    return put(t, i, p._replace(gmax=op.hi if last else max(op.hi, p.gmax)))

def commit(call, p, advance, evict):
    """The shape of the next commit: what it may meet, and what it makes of it."""
    h, window, gmax = p.view, RULES["window"], -1 if p.gmax is None else p.gmax
    full = len(h.tail) >= call.soft
    lo, hi, setgen, following = h.gen, h.gen, None, None
    if full and call.roll != "replace":                                   # entries leave, nothing comes
        if "drop-at-most" in BUGS: lo, hi = ANY, h.gen + window
        return Commit(None, 0, lo, hi, hi + 1, ("drop", call.roll), None, None, None, None, None)
    if full: tail, setgen, following = ("replace",), max(h.gen if "roll-no-fence" in BUGS else gmax - 1 + RULES["fence"], h.gen) + 1, h.next
    else:
        tail = ("append", call.hard)
        loose = gmax >= h.gen and call.producer is None and call.match is None and "no-fence" not in BUGS
        if loose:                                                         # nothing of this append may come beside it
            setgen = h.gen + 1 if "fence-too-short" in BUGS else gmax + RULES["fence"]
            if setgen == h.gen: setgen = None
            if "fence-at-most" in BUGS: lo, hi = ANY, h.gen + window
        elif not (advance and advance[2]) or "spilled-at-most" in BUGS:
            lo, hi = ANY, h.gen + window
        if evict: setgen = hi + 1
    return Commit(call.id, call.count, lo, hi, setgen, tail, following, call.match, call.token, advance, evict)
