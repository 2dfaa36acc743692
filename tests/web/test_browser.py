"""A real browser: what it lets a page read, what it sends when a page ends, what it keeps."""
import contextlib
import http.server
import json
import pathlib
import queue
import shutil
import subprocess
import threading

import pytest

from probe import FOREVER, await_that, serving

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine")

# Both are one site for a browser, and the third is another one; all are this machine.
PAGE, COLLECT, ELSEWHERE = "www.pumps.example", "collect.pumps.example", "www.elsewhere.example"


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        text = self.server.pages.get(self.path, "")
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def do_POST(self):
        self.server.reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


SCRIPT = """<!doctype html><title>Pumps</title><script>
const collect = "%s/v1/touchpoints";
const touch = id => JSON.stringify({id, type: "page_view", occurred_at: "2026-11-24T09:00:00Z",
                                    page: {url: location.href}});
async function post(id, options) {
  try {
    const answer = await fetch(collect, {method: "POST", body: touch(id), ...options});
    return [answer.status, await answer.json()];
  } catch (error) { return error.name; }
}
const json = {headers: {"Content-Type": "application/json", "X-Write-Key": "w"}};
const keeping = {...json, credentials: "include"};
async function run() { %s }
run().catch(error => String(error)).then(said =>
  fetch("/report", {method: "POST", body: JSON.stringify(said ?? null)})
).then(() => { if ("%s") location.href = "%s"; });
</script>"""


@pytest.fixture
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.pages, server.reports = {}, queue.Queue()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@contextlib.contextmanager
def browsing(profile, url):
    words = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
             "--host-resolver-rules=MAP *.example 127.0.0.1", "--remote-debugging-port=0",
             f"--user-data-dir={profile}", url]
    log = pathlib.Path(profile).with_suffix(".log").open("wb")
    browser = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        yield
    finally:
        browser.terminate()
        try:
            browser.wait(FOREVER)
        finally:
            browser.kill()
            log.close()


def visit(site, probe, profile, *visits):
    """What the pages' scripts return; a visit is a script, or a host and a script. One browser goes
    from page to page."""
    visits = [one if isinstance(one, tuple) else (PAGE, one) for one in visits]
    urls = [f"{origin_of(site, host)}/{number}" for number, (host, _) in enumerate(visits)] + [""]
    for number, (_, script) in enumerate(visits):
        following = urls[number + 1]
        site.pages[f"/{number}"] = SCRIPT % (f"http://{COLLECT}:{probe.port}", script, following,
                                             following)
    with browsing(profile, urls[0]):
        return [site.reports.get(timeout=FOREVER) for _ in visits]


def origin_of(site, host=PAGE):
    return f"http://{host}:{site.server_address[1]}"


def anons(probe):
    return {one["id"]: one["identifiers"]["anon"] for one in probe.touches()}


OK = [200, {"accepted": 1}]


def test_a_page_of_ours(site, tmp_path):
    with serving(origin=origin_of(site), write_key="w", read_key="r") as probe:
        said, later = visit(site, probe, tmp_path / "profile", """
            const first = await post("one", keeping);
            const second = await post("two", keeping);
            const wrong = await post("three", {...keeping, headers: {"X-Write-Key": "x"}});
            const reads = [];
            for (const path of ["/v1/recent", "/v1/leads/email:a@b.example", "/v1/events"]) {
              const url = collect.replace("/v1/touchpoints", path) + "?read_key=r";
              reads.push(await fetch(url).then(() => "read", error => error.name));
            }
            return {first, second, wrong: wrong[0], reads, cookie: document.cookie};""",
                            "return await post('later', keeping)")
        assert said["first"] == OK and said["second"] == OK
        assert said["wrong"] == 401
        assert said["reads"] == ["TypeError"] * 3
        assert said["cookie"] == ""
        kept = anons(probe)
        assert kept["one"] == kept["two"] and len(kept["one"]) == 32
        assert later == OK
        assert anons(probe)["later"] == kept["one"]
        assert "Chrome" in probe.touches()[-1]["device"]["user_agent"]


def test_a_page_of_somebody_else(site, tmp_path):
    with serving(origin=origin_of(site), write_key="w") as probe:
        script = "return [await post('plain', {}), await post('json', keeping)]"
        assert visit(site, probe, tmp_path / "profile", (ELSEWHERE, script)) == [["TypeError"] * 2]
        assert probe.touches() == []


def test_any_page_without_credentials(site, tmp_path):
    with serving(origin="*", write_key="w") as probe:
        script = "return [await post('open', json), await post('keeping', keeping)]"
        assert visit(site, probe, tmp_path / "profile", (ELSEWHERE, script)) == [[OK, "TypeError"]]
        assert [one["id"] for one in probe.touches()] == ["open"]


def test_what_a_page_sends_when_it_ends(site, tmp_path):
    with serving(origin=origin_of(site)) as probe:
        said = visit(site, probe, tmp_path / "profile", """
            await post("before", keeping);
            const sent = [navigator.sendBeacon(collect, touch("text")),
                          navigator.sendBeacon(collect, new Blob([touch("blob")],
                                                                 {type: "application/json"})),
                          navigator.sendBeacon(collect, new URLSearchParams())];
            addEventListener("pagehide", () => navigator.sendBeacon(collect, touch("pagehide")));
            return sent;""", "return 'next'")
        assert said == [[True] * 3, "next"]
        await_that(lambda: {"before", "text", "blob", "pagehide"} <= set(anons(probe)))
        assert len(set(anons(probe).values())) == 1


def test_the_cookie_stays_within_the_site(site, tmp_path):
    origins = [origin_of(site), origin_of(site, ELSEWHERE)]
    with serving(origin=origins, write_key="w") as probe:
        assert visit(site, probe, tmp_path / "profile", "return await post('ours', keeping)",
                     (ELSEWHERE, "return await post('theirs', keeping)"),
                     "return await post('again', keeping)") == [OK] * 3
        kept = anons(probe)
        assert kept["ours"] == kept["again"] != kept["theirs"]


def test_a_page_hears_no_events(site, tmp_path):
    with serving(origin="*") as probe:
        said = visit(site, probe, tmp_path / "profile", (ELSEWHERE, """
            const source = new EventSource(collect.replace("touchpoints", "events"));
            return await new Promise(done => {
              source.onopen = () => done("open");
              source.onerror = () => done("error");
            });"""))
        assert said == ["error"]
