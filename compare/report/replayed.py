"""The part of the report that compares the simulation with a replay of the traffic."""

from names import SHAPES, replay_notes, replay_rows
from words import figures, say

from .markup import said, section, table, tag


def _traffic(name):
    return say("your access log") if name == "log" else say("the shape {name} ({meaning})", name=name, meaning=say(SHAPES[name]))


def part(found):
    title = say("Is the simulation right?")
    rows, notes = replay_rows(found), [tag("p", tag("b", note)) for note in replay_notes(found)]
    if not rows:
        return section("replay", title, notes or tag("p", say("No traffic was replayed.")))
    given = found["replay"]["input"]
    return section(
        "replay", title,
        tag("p", said("{hours} hours of {traffic} were replayed in {seconds} s against the pool and lambda-host on the machine of"
                     " the run, whose environments lived idle for {idle} ms. The simulation got the same arrivals, and what was measured"
                     " before: how long single requests and cold starts take.", hours=figures(given["window_seconds"] / 3600),
                     traffic=_traffic(given["traffic"]), seconds=figures(given["seconds"]), idle=figures(given["idle_ms"]))),
        table(say("The replay, measured and simulated"), ("", say("requests"), say("failed"), say("cold starts"), "p50 ms", "p90 ms", "p99 ms"), "tnnnnnn",
              [(row, None) for row in rows]),
        notes,
        tag("p", say("The requests extract keywords from texts of 2,000 to 20,000 characters. Both sides and the client share the"
                     " processors of the machine; on AWS they do not. Other programs that ran only before the replay, or only during it, make a"
                     " difference."), class_="note"))
