"""From touch to decision at an even rate: what was sent, and when each event could be read."""
import collections
import itertools
import threading
import time

import job
import workload

# After the last touch, for the last event.
GRACE = 60


class Sender(threading.Thread):
    """Sends at an even rate, and notes which touches make somebody ripe, and when each was due; not
    those that another way to round decides otherwise."""

    def __init__(self, parts, topic, touches):
        super().__init__(daemon=True)
        self.topic = topic
        self.producer = parts.producer(**{"linger.ms": 0})
        self.touches = touches
        self.due, self.late = {}, 0.0

    def run(self):
        leads = collections.defaultdict(job.Lead)
        for touch in self.touches:
            wait = touch.at / 1e6 - time.time()
            if wait > 0:
                time.sleep(wait)
            self.late = max(self.late, -wait)
            self.producer.produce(self.topic, touch.value(), touch.key())
            self.producer.poll(0)
            lead = leads[touch.lead]
            if job.apply(lead, touch) and not lead.was_close:
                self.due[touch.id] = touch.at
        assert self.producer.flush(60) == 0


def latencies(parts, subject, topic, seed, options):
    """Milliseconds of each event behind the warm-up, how many never came, and how late the sender
    was at most. The subject is ready."""
    begin = int(time.time() * 1e6) + 500_000
    count = int(options.rate * (options.warm + options.seconds))
    times = (begin + int(n * 1e6 / options.rate) for n in itertools.count())
    made = workload.touches(seed, count, options.leads, times, workload.EAGER, is_even=True)
    sender = Sender(parts, topic, made)
    counted_from = begin + int(options.warm * 1e6)
    consumer = parts.consumer(subject.results)
    found = {}
    sender.start()
    end = time.time() + options.warm + options.seconds + GRACE
    while time.time() < end:
        message = consumer.poll(0.05)
        now = time.time()
        if message is not None and message.error() is None:
            found.setdefault(subject.cause(message.value()), now * 1e6)
        if not sender.is_alive() and found.keys() >= sender.due.keys():
            break
    consumer.close()
    sender.join(60)
    counted = [touch for touch, due in sender.due.items() if due >= counted_from]
    return ([(found[touch] - sender.due[touch]) / 1000 for touch in counted if touch in found],
            len(sender.due.keys() - found.keys()), sender.late * 1000)
