"""The append protocol of one partition as an explicit-state model (docs/protocol.md). README.md says what it covers.

    python3 append_protocol.py            every scenario, then every seeded bug (each must be found)
    python3 append_protocol.py --quick    those that take a moment
    python3 append_protocol.py NAME ...   these scenarios or bugs; a violation prints its shortest trace
    python3 append_protocol.py --with BUG SCENARIO   that scenario with that bug; fails if it breaks the protocol
"""
import os, sys
from multiprocessing import Pool
from appender import AppendCall
from explore import CAPPED, explore
from upkeep import Fencer, Merger, Reader, Retention, Tierer

def A(ident, count=1, of=None, match=None, token=None, tries=2, soft=1, hard=1, roll="replace", after=None):
    producer, position = of or (None, None)
    return AppendCall(ident, count, producer, position, match, token, tries, soft, hard, roll, after)
def T(rounds=1, after=None): return Tierer(rounds, after)
W, X, Y, Z = (("w", 1),), (("x", 1),), (("y", 1),), (("z", 1),)
P0, P1, Q0, Q1 = ("p", 0), ("p", 1), ("q", 0), ("q", 1)
NEXT_EPOCH = ("p", 100)

SCENARIOS = {
    "two appenders":            dict(calls=[A("a", tries=3, soft=2, hard=2), A("b", 2, soft=2, hard=2)]),
    "roll race":                dict(tail=X, calls=[A("a"), A("b", 2)]),
    "three rollers":            dict(tail=X, calls=[A("a"), A("b", tries=1), A("c", tries=1)]),
    "two limits":               dict(tail=X, calls=[A("a"), A("b", soft=2, hard=2, tries=1), A("c", soft=2, hard=2, tries=1)]),
    "two prefixes":             dict(tail=X + Y, calls=[A("a", soft=2, hard=4, tries=1), A("b", soft=2, hard=4, roll=1, tries=1), A("c", soft=3, hard=4, tries=1, after=1)]),
    "roll beside appends":      dict(tail=X, calls=[A("a", hard=3, roll=1, tries=1), A("b", soft=3, hard=3, tries=1), A("c", soft=3, hard=3, tries=1, after=1)]),
    "open window, two rolls":   dict(calls=[A("a", tries=3, soft=2, hard=2), A("b", tries=1), A("c", tries=1, after=1)]),
    "wide window":              dict(window=2, calls=[A("a", tries=3, soft=2, hard=2), A("b", tries=1), A("c", tries=1, after=1), A("d", tries=1, after=2)]),
    "fence races rolls":        dict(window=2, calls=[A("a", tries=3, hard=2), A("b", soft=2, hard=2, tries=1), A("c", tries=1, after=1)]),
    "two fences":               dict(calls=[A("a", tries=3, soft=3, hard=3), A("b", tries=3, soft=3, hard=3)]),
    "fence at window's end":    dict(window=2, fence=0, calls=[A("a", tries=3, soft=2, hard=2), A("b", tries=1), A("c", tries=1, after=1)]),
    "outrun, then search":      dict(outrun=True, calls=[A("a", tries=3, soft=2, hard=2), A("b", tries=1), A("c", tries=1, after=1)]),
    "outrun, wide window":      dict(outrun=True, window=2, tail=X, calls=[A("a", tries=2, hard=2), A("b", soft=2, hard=2, tries=1), A("c", tries=1, after=1)]),
    "two outrun":               dict(outrun=True, calls=[A("a", tries=3, soft=2, hard=2), A("b", tries=2, soft=2, hard=2)]),
    "outrun, tiered":           dict(outrun=True, calls=[A("a"), A("b", tries=1), T()]),
    "outrun, match offset":     dict(outrun=True, calls=[A("a", match=1, soft=2, hard=2), A("b", match=0, soft=2, hard=2)]),
    "outrun, fencing token":    dict(outrun=True, token="k", calls=[A("a", token="k", soft=2, hard=2), Fencer("k", "l", None), Fencer("l", "k", 1)]),
    "outrun, idempotent":       dict(outrun=True, prods=[("p", 0)], calls=[A("p1", of=P1, soft=2, hard=2), A("p1 again", of=P1, tries=1), A("b", tries=1)]),
    "roll, tier":               dict(tail=X, calls=[A("a"), A("b", tries=1), T(2)]),
    "lost answer, then tiered": dict(calls=[A("a"), A("b", tries=1), A("c", tries=1, after=1), T()]),
    "late page":                dict(pages=[X], tail=Y, calls=[A("a", tries=1), A("b", soft=2, hard=2, tries=1), A("c", soft=2, hard=2, tries=1, after=1), T(after=2)]),
    "overlap, tier":            dict(tail=X + Y, calls=[A("a", soft=2, hard=4, tries=1), A("b", soft=2, hard=4, roll=1, tries=1, after=0), T()]),
    "overlap, tier, read":      dict(pages=[X + Y, Z], orphans=[(1, X), (3, X + Y + Z)], tail=W, calls=[A("a", tries=1), T(2), Reader(1)]),
    "two tierers":              dict(pages=[X, Y], tail=Z, calls=[T(), T(2), Reader(1)]),
    "merge, late segment":      dict(segs=[X], pages=[Y, Z], tail=W, calls=[T(), T(), Merger(None), Reader(1)]),
    "two mergers":              dict(segs=[W, X, Y], pages=[Z], calls=[Merger(None), Merger(None), T(), Reader(1)]),
    "tier, retain, read":       dict(pages=[X], tail=Y, calls=[A("a", tries=1), T(), Retention(None, None), Reader(2)]),
    "log start in the pages":   dict(pages=[X, (("y", 2),)], tail=Z, calls=[A("a", tries=1), T(), Retention(2, None)]),
    "log start in the tail":    dict(pages=[X], tail=(("y", 2),), calls=[A("a", tries=1), T(), Retention(2, None)]),
    "lost answer, log start":   dict(calls=[A("a"), A("b", tries=1), Retention(1, 1)]),
    "idempotent":               dict(prods=[("p", 0)], calls=[A("p1", of=P1), A("p1 again", of=P1), A("p2", of=("p", 2), tries=1)]),
    "idempotent, open window":  dict(prods=[("p", 0)], calls=[A("p1", of=P1, soft=2, hard=2), A("p1 again", of=P1, tries=1), A("b", tries=1)]),
    "new producer":             dict(calls=[A("p0", of=P0, soft=2, hard=2), A("p0 again", of=P0, tries=1), A("b", tries=1)]),
    "new producer, spilled":    dict(producers=1, calls=[A("p0", of=P0, soft=3, hard=3), A("q0", of=Q0, soft=3, hard=3, tries=1, after=0), A("p0 again", of=P0, soft=3, hard=3, tries=1)]),
    "two returns":              dict(tail=X, producers=2, prods=[("q", 0)], spill=[("p", 0)], calls=[A("p1", of=P1, soft=3, hard=3), A("r0", of=("r", 0), tries=1), A("p1 again", of=P1, soft=3, hard=3, tries=1)]),
    "next epoch, spilled":      dict(tail=X, producers=1, prods=[("q", 0)], spill=[("p", 0)], calls=[A("e0", of=NEXT_EPOCH, soft=3, hard=3), A("q1", of=Q1, tries=1, after=0), A("p1", of=P1, soft=3, hard=3, tries=1)]),
    "next epoch":               dict(prods=[("p", 0)], calls=[A("p1", of=P1, soft=2, hard=2), A("e0", of=NEXT_EPOCH, soft=2, hard=2), A("e0 again", of=NEXT_EPOCH, tries=1)]),
    "producers spilled":        dict(tail=X, producers=1, prods=[("p", 0)], calls=[A("q0", of=Q0), A("p1", of=P1, after=0), A("q1", of=Q1, after=1), A("p1 again", of=P1, after=2)]),
    "spill races a return":     dict(tail=X, producers=1, prods=[("p", 0)], calls=[A("q0", of=Q0), A("p1", of=P1), A("p1 again", of=P1, tries=1)]),
    "spill races an append":    dict(producers=1, prods=[("p", 0)], calls=[A("q0", of=Q0, soft=3, hard=3), A("p1", of=P1, soft=3, hard=3), A("p1 again", of=P1, soft=3, hard=3, tries=1)]),
    "match offset":             dict(calls=[A("a", match=1, soft=2, hard=2), A("b", match=0, soft=2, hard=2)]),
    "match offset, roll":       dict(tail=X, calls=[A("a", match=2), A("b"), A("c", tries=1)]),
    "fencing token":            dict(token="k", calls=[A("a", token="k", soft=2, hard=2), Fencer("k", "l", None), Fencer("l", "k", 1)]),
}
SEEDED = {   # bug -> scenario in which it must be found
    "no-generation": "open window, two rolls", "no-fence": "open window, two rolls", "fence-too-short": "wide window", "fence-at-most": "open window, two rolls",
    "gmax-of-last": "wide window", "roll-no-fence": "fence races rolls", "window-unbounded": "open window, two rolls", "dead-too-early": "open window, two rolls",
    "search-unfenced": "outrun, then search", "fence-after-search": "outrun, then search",
    "no-id-check": "two appenders", "trim-all": "roll beside appends", "replace-unseen": "two limits", "drop-at-most": "two prefixes",
    "page-by-base": "two prefixes", "page-after-trim": "roll race", "search-tail-only": "roll race",
    "search-past-tiering": "lost answer, then tiered", "overlap-uncut": "overlap, tier, read", "segment-overwrite": "two tierers", "tier-blind": "two tierers",
    "delete-before-commit": "tier, retain, read", "delete-taken": "two tierers", "no-fallback": "merge, late segment", "skip-round-up": "log start in the pages", "skip-past-tail": "log start in the tail",
    "refusal-definite": "match offset", "spill-overwrite": "producers spilled", "evict-unseen": "spill races an append", "new-ignores-flag": "new producer, spilled", "spilled-at-most": "two returns",
}

SLOW = {   # more than some 15,000 states
    "three rollers", "two limits", "two prefixes", "roll beside appends", "wide window", "fence races rolls", "outrun, then search", "outrun, wide window", "outrun, tiered", "outrun, idempotent",
    "roll, tier", "lost answer, then tiered", "late page", "overlap, tier, read", "two tierers", "tier, retain, read", "log start in the pages", "log start in the tail", "lost answer, log start",
    "idempotent", "idempotent, open window", "two returns", "next epoch, spilled", "producers spilled", "spill races a return", "spill races an append", "match offset, roll", "tier-blind",
}

def run(job):
    name, bug = job
    return (name, bug, *explore(bugs=[bug] if bug else [], **SCENARIOS[name]))

def jobs_of(args):
    """(scenario, bug or None)"""
    if args[:1] == ["--with"]: return [(args[2], args[1])]
    names = [name for name in args if name != "--quick"]
    scenarios = [name for name in names or SCENARIOS if name in SCENARIOS and not ("--quick" in args and name in SLOW)]
    bugs = [bug for bug in names or SEEDED if bug in SEEDED and not ("--quick" in args and bug in SLOW)]
    return [(name, None) for name in scenarios] + [(SEEDED[bug], bug) for bug in bugs]

def main(args):
    must_hold = args[:1] == ["--with"]
    wrong = 0
    with Pool(min(os.cpu_count() or 1, 4), maxtasksperchild=1) as pool:
        for name, bug, bad, trace, states, seconds in pool.imap(run, jobs_of(args)):
            found = bad is not None and bad != CAPPED
            verdict = bad or "holds" if not bug else f"found: {bad}" if found else "NOT FOUND"
            title = f"seeded {bug}" if bug else name
            print(f"{title:28} {states:>9,} states {seconds:6.1f} s  {verdict}", flush=True)
            is_wrong = bad is not None if must_hold or not bug else not found
            wrong += is_wrong
            if is_wrong or args and args != ["--quick"]:
                for line in trace: print("      ", line)
    sys.exit(1 if wrong else 0)

if __name__ == "__main__":
    main(sys.argv[1:])
