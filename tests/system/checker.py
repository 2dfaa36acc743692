"""What consumers were told, beside what must have been told of the touches that were acknowledged."""
import collections
import dataclasses
import json
import threading
import time

from confluent_kafka import TopicPartition

from engine import PATIENCE


@dataclasses.dataclass(slots=True)
class Told:
    id: str
    type: str
    touch: str
    count: int
    total: int
    episode: int
    partition: int
    at: float


def told(message, at):
    event = json.loads(message.value())
    touches = event.get("touches") or [event["why"]["because"].get("touch")]
    scores = event.get("scores", {})
    return Told(event["id"], event["type"], touches[0], scores.get("touches"), scores.get("total"),
                event.get("episode", 0), message.partition(), at)


class Reader(threading.Thread):
    """Follows the committed events. Who is who is not told about a touch, and is left out."""

    IDENTITY = (b"lead.merged", b"lead.revived", b"lead.erased")

    def __init__(self, stream):
        super().__init__(daemon=True)
        topic = stream.prefix + "leads"
        self.consumer = stream.consumer()
        partitions = self.consumer.list_topics(topic, PATIENCE).topics[topic].partitions
        self.consumer.assign([TopicPartition(topic, p, 0) for p in partitions])
        self.all = []
        self.by_touch = collections.defaultdict(list)
        self.is_over = False

    def run(self):
        while not self.is_over:
            message = self.consumer.poll(0.1)
            if message is None or message.error():
                continue
            if dict(message.headers())["ce_type"] in self.IDENTITY:
                continue
            event = told(message, time.monotonic())
            self.all.append(event)
            self.by_touch[event.touch].append(event)
        self.consumer.close()

    def end(self):
        self.is_over = True
        self.join(PATIENCE)

    def missing(self, touches):
        return [touch for touch in touches if touch.is_certain and touch.id not in self.by_touch]

    def longest(self, touches):
        """The longest that one of them has waited for its first event, in seconds."""
        return max((self.by_touch[touch.id][0].at - touch.sent for touch in touches
                    if touch.id in self.by_touch), default=0.0)


def word_of(event):
    """An episode begins where time was when it came to light (rules.md 23). Behind a lapse that has acted
    meanwhile a touch may so find nothing ripe since its begin: it is withdrawn instead of withered."""
    name = event.type.replace("withdrawn", "withered")
    return f"{name} {event.episode}" if event.episode else name


def episode_of(event):
    return event.id.rsplit("/", 1)[0]


class Differences:
    """Of what was told from what must have been; each with the touch at which it shows."""

    def __init__(self, crowd, reader):
        self.crowd, self.reader = crowd, reader
        self.found = []
        self.over = {episode_of(e) for e in reader.all if e.type in ("lead.withered", "lead.withdrawn")}
        for lead in crowd.leads:
            if lead.has_device:
                self.of_owner(lead)
            else:
                self.of_lead(lead)
        self.of_ids()
        self.of_strangers()

    def add(self, touch, text):
        self.found.append((touch, text))

    def compare(self, touch, expected, found):
        if expected != found:
            self.add(touch, f"touch {touch}: expected {sorted(expected.items())}, "
                            f"found {sorted(found.items())}")

    def of_lead(self, lead):
        """Its touches act in their order: each event is known, and what stands in it."""
        for touch, count, total, says in lead.story():
            events = self.reader.by_touch.get(touch.id, [])
            found = collections.Counter((word_of(e), e.count, e.total) for e in events
                                        if e.type != "lead.lapsed")
            self.compare(touch.id, collections.Counter((word, count, total) for word in says), found)
            self.of_lapse(touch, events)

    def of_lapse(self, touch, events):
        lapses = sum(e.type == "lead.lapsed" for e in events)
        if lapses != (touch.kind == "opened"):
            self.add(touch.id, f"touch {touch.id}: {lapses} lapse(s) of {touch.kind}")

    def of_owner(self, lead):
        """Whose touches act in any order: what is asked for knows all of them, and an episode stands
        exactly where the sum says so; two, where person and device were ripe before they met
        (identity.md 7)."""
        for touch, count, total, _ in lead.story():
            events = self.reader.by_touch.get(touch.id, [])
            answers = [(e.count, e.total) for e in events if e.type == "lead.told"]
            if touch.kind == "asked" and answers != [(count, total)]:
                self.add(touch.id, f"touch {touch.id}: expected {count} and {total}, found {events}")
        stand = {episode_of(e) for touch in lead.touches for e in self.reader.by_touch.get(touch.id, [])
                 if e.type == "lead.qualified"} - self.over
        if bool(stand) != lead.is_hot():
            self.add(lead.touches[-1].id, f"lead {lead.number}: {len(stand)} stand, is hot: {lead.is_hot()}")

    def of_ids(self):
        """A consumer that remembers ids never acts twice, one that does not neither."""
        ids = collections.Counter(event.id for event in self.reader.all)
        for event in self.reader.all:
            if ids[event.id] > 1:
                self.add(event.touch, f"{event.id} came {ids[event.id]} times")

    def of_strangers(self):
        for touch in self.reader.by_touch.keys() - self.crowd.by_id.keys():
            found = collections.Counter(event.type for event in self.reader.by_touch[touch])
            # Hands had just changed: it was looked at again when that had settled (identity.md 7).
            if touch is None:
                del found["lead.withdrawn"]
            if found:
                self.add(touch, f"touch {touch} was never sent: {sorted(found)}")
