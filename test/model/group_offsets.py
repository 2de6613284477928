#!/usr/bin/env python3
"""The committed offset of one partition while its ownership moves between members and an operator resets it.

The group's state hands the partition from member to member, each time under a higher epoch; a member that is thought dead may be alive, paused, and come back.
An owner claims the offset item, reads on where the claim says, processes records in order and commits. A reset swaps the state to a higher epoch without an owner, then writes the offset.
Claims, commits and resets are single conditional writes to one item; each may be answered, take effect with its answer lost, or be delayed and take effect at any later moment or never.

    python3 group_offsets.py            the protocol, then every seeded bug
    python3 group_offsets.py --quick    the same with two records instead of three (model.test.ts)
    python3 group_offsets.py NAME       one bug, with the shortest way to what goes wrong
"""
import sys, time
from collections import namedtuple

RECORDS, EPOCHS = 3, 3
Item = namedtuple("Item", "epoch offset")                    # who claimed or reset it last, the next offset to read
Member = namedtuple("Member", "epoch pc at tries")           # pc: idle, claim, read, commit
Reset = namedtuple("Reset", "epoch pc tries")                # pc: idle, write, done
State = namedtuple("State", "item owner epoch members reset net done claimed wiped wrong")
BUGS = set()

def may(item, op):
    """The condition of the write."""
    kind, epoch, offset = op
    is_owner = item.epoch <= epoch or "no-epoch" in BUGS
    if kind == "commit" and "commit-takes-anything" in BUGS: return True
    if kind == "commit": return is_owner and (item.offset <= offset or "goes-back" in BUGS)
    if kind == "reset" and "reset-over-newer" in BUGS: return True
    return is_owner

def execute(s, op):
    """The state, and what is answered: None if the condition was not met. `claimed`, `wiped`: the highest epoch of a claim and of a reset that took effect."""
    kind, epoch, offset = op
    if not may(s.item, op): return s, None
    if kind == "claim":
        item = s.item if "claim-without-write" in BUGS else Item(epoch, s.item.offset)
        return s._replace(item=item, claimed=max(s.claimed, epoch)), s.item.offset
    if kind == "reset":
        wrong = "a reset took effect over a newer owner" if epoch <= s.claimed else None
        return s._replace(item=Item(epoch, offset), wiped=max(s.wiped, epoch), wrong=s.wrong or wrong), offset
    wrong = None
    if offset < s.item.offset: wrong = "a commit went back"
    if epoch < s.claimed: wrong = "a commit took effect after a newer owner's claim"
    if epoch <= s.wiped: wrong = "a commit from before a reset took effect after it"
    return s._replace(item=Item(max(epoch, s.item.epoch), offset), wrong=s.wrong or wrong), offset

def put(s, m, x): return s._replace(members=s.members[:m] + (x,) + s.members[m + 1:])

def send(s, who, op, yes, no, again):
    """Answered; done, but unanswered; or on its way. It is sent again after the last two."""
    t, answer = execute(s, op)
    yield f"{op} {'done' if answer is not None else 'refused'}", who(t, yes(answer) if answer is not None else no)
    if again is None: return
    yield f"{op} unanswered", who(t, again)
    yield f"{op} on its way", who(s._replace(net=s.net | {op}), again)

def member_steps(s, m, x):
    again = x._replace(tries=x.tries - 1) if x.tries > 0 else None
    who, idle = lambda t, y: put(t, m, y), x._replace(pc="idle")
    if x.pc == "claim": yield from send(s, who, ("claim", x.epoch, None), lambda o: x._replace(pc="read", at=o), idle, again)
    elif x.pc == "read" and x.at < RECORDS:                  # it may have lost the partition and not know
        yield f"process {x.at}", put(s._replace(done=s.done | {x.at}), m, x._replace(pc="commit", at=x.at + 1))
    elif x.pc == "commit":
        yield from send(s, who, ("commit", x.epoch, x.at), lambda o: x._replace(pc="read"), idle, again)
        yield "go on without a commit", put(s, m, x._replace(pc="read"))

def successors(s):
    for m, x in enumerate(s.members):
        if s.owner != m and s.epoch < EPOCHS:
            epoch = s.epoch if "no-new-epoch" in BUGS and s.epoch > 0 else s.epoch + 1
            yield f"{m} owns it, epoch {epoch}", put(s._replace(owner=m, epoch=epoch), m, x._replace(epoch=epoch, pc="claim", tries=1))
        for label, t in member_steps(s, m, x): yield f"{m}: {label}", t
    r = s.reset
    if r.pc == "idle" and s.epoch < EPOCHS:
        epoch = s.epoch if "reset-keeps-epoch" in BUGS else s.epoch + 1
        swapped = s if "reset-without-swap" in BUGS else s._replace(owner=None, epoch=epoch)
        yield f"a reset, epoch {epoch}", swapped._replace(reset=r._replace(pc="write", epoch=epoch))
    if r.pc == "write":
        again = r._replace(tries=r.tries - 1) if r.tries > 0 else None
        done = r._replace(pc="done")
        for label, t in send(s, lambda t, y: t._replace(reset=y), ("reset", r.epoch, 0), lambda o: done, done, again): yield label, t
    for op in s.net: yield f"{op} lands", execute(s, op)[0]._replace(net=s.net - {op})

def violation(s):
    if s.wrong: return s.wrong
    if any(o not in s.done for o in range(s.item.offset)): return "a record below the committed offset was never processed"
    return None

def explore(bugs=()):
    """(violation or None, trace, states)"""
    BUGS.clear(); BUGS.update(bugs)
    first = State(Item(0, 0), None, 0, (Member(0, "idle", 0, 1),) * 2, Reset(0, "idle", 1), frozenset(), frozenset(), 0, 0, None)
    parents, frontier = {first: None}, [first]
    while frontier:
        following = []
        for s in frontier:
            for label, t in successors(s):
                if t in parents: continue
                parents[t] = (s, label)
                bad = violation(t)
                if bad: return bad, trace(parents, t), len(parents)
                following.append(t)
        frontier = following
    return None, [], len(parents)

def trace(parents, s):
    steps = []
    while parents[s]: s, label = parents[s]; steps.append(label)
    return steps[::-1]

SEEDED = ("claim-without-write", "no-epoch", "no-new-epoch", "goes-back", "commit-takes-anything", "reset-keeps-epoch", "reset-without-swap", "reset-over-newer")

def main(args):
    global RECORDS
    if "--quick" in args: RECORDS = 2
    names = [name for name in args if name != "--quick"]
    wrong = 0
    for bug in names or (None, *SEEDED):
        started = time.time()
        bad, steps, states = explore([bug] if bug else [])
        verdict = bad or "holds" if not bug else f"found: {bad}" if bad else "NOT FOUND"
        print(f"{f'seeded {bug}' if bug else 'committed offset':28} {states:>9,} states {time.time() - started:6.1f} s  {verdict}", flush=True)
        wrong += (bad is not None) != (bug is not None)
        if names or wrong:
            for step in steps: print("      ", step)
    sys.exit(1 if wrong else 0)

if __name__ == "__main__":
    main(sys.argv[1:])
