"""Executes the product's snippets exactly as it shows them: each backend with its own client.

The pool, its role, the bucket and the backend's key are those of the Python lane. Every snippet is
asked of `daypass snippet`, written to a file and run as its first comment says. A backend has to
answer POST /session with an identity and a token; its client has to reach its own folder and to be
refused at another's; and the server has to hold what the client says that it wrote.

Environment: the lane's clients' (AWS_ENDPOINT_URL, the root's keys); DAYPASS, NODE, CARGO name
programs, FOLDER is where files may be written, with a `node_modules` in it, RUST is the package
whose programs the Rust snippets are for a while.

Source: users page, section 8 (S8) and section 11 (what every example ends with).
"""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "sdk/python"))
from journey import BUCKET, PROVIDER, client, same, set_up, step  # noqa: E402

LANGUAGES = ["typescript-v3", "typescript-v2", "python", "rust", "curl", "aws-cli"]
SCRIPTS = ["curl", "aws-cli"]
FILES = {"typescript-v3": "mts", "typescript-v2": "mts", "python": "py", "rust": "rs",
         "curl": "sh", "aws-cli": "sh"}
ENDPOINT, REGION = os.environ["AWS_ENDPOINT_URL"], "us-east-1"
FOLDER, RUST = pathlib.Path(os.environ["FOLDER"]), pathlib.Path(os.environ["RUST"])
FOREIGN = f"{REGION}:00000000-0000-0000-0000-000000000000/hello.txt"
TOKEN_SECONDS = 900
WAIT_SECONDS_MAX = 180
CLOCK_SECONDS_MAX = 60  # between the making of a token and the look at it, on a busy machine


def fail(what):
    sys.exit(f"FAILED  {what}")


def surroundings(**more):
    """What a snippet may know: nothing of the lane's keys, nor of the endpoint it has to name."""
    foreign = ("AWS_", "DAYPASS")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    plain["PATH"] = os.pathsep.join([str(pathlib.Path(sys.executable).parent), plain["PATH"]])
    quiet = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
             "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
             "AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE": "1"}
    return plain | quiet | more


def snippet(pool, language, side):
    """The text as a person gets it, and nothing beside it."""
    asked = [os.environ["DAYPASS"], "snippet", "--pool", pool, "--lang", language, "--side", side,
             "--endpoint", ENDPOINT, "--provider", PROVIDER, "--bucket", BUCKET]
    return subprocess.run(asked, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, env=surroundings()).stdout


def write(pool):
    """Both halves of every language, as files."""
    for language in LANGUAGES:
        folder = FOLDER / language
        folder.mkdir(parents=True)
        for side in ["backend", "client"]:
            file = folder / f"{side}.{FILES[language]}"
            file.write_text(snippet(pool, language, side))
    step(f"{2 * len(LANGUAGES)} snippets written")


def check_types():
    """The TypeScript ones hold to the types of both generations of the SDK."""
    options = {"extends": str(ROOT / "examples/typescript/tsconfig.json"),
               "include": ["typescript-*/*.mts"]}
    (FOLDER / "tsconfig.json").write_text(json.dumps(options))
    compiler = FOLDER / "node_modules/typescript/bin/tsc"
    subprocess.run([os.environ["NODE"], compiler, "--project", FOLDER], check=True, cwd=FOLDER)
    step("the TypeScript snippets are strictly typed")


def cargo(*words):
    """From the root, like the lanes, so that all mean the same target folder."""
    manifest = ["--manifest-path", str(RUST / "Cargo.toml")]
    return [os.environ["CARGO"], *words, "--locked", "--quiet", *manifest]


@contextlib.contextmanager
def rust_programs():
    """The Rust ones are programs of the Rust lane's package, whose crates are built already."""
    programs = RUST / "src/bin"
    shutil.rmtree(programs, ignore_errors=True)
    try:
        shutil.copytree(FOLDER / "rust", programs)
        subprocess.run(cargo("build", "--bins"), check=True, cwd=ROOT)
        step("the Rust snippets compile")
        yield
    finally:
        shutil.rmtree(programs, ignore_errors=True)


def command(language, side):
    """How a snippet is run."""
    if language == "rust":
        return cargo("run", "--bin", side), ROOT
    file = f"{side}.{FILES[language]}"
    start = {"mts": [os.environ["NODE"], "--import", "tsx"], "py": [sys.executable], "sh": ["sh"]}
    return [*start[FILES[language]], file], FOLDER / language


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server_of(language, keys):
    """A backend that is a server itself."""
    port = free_port()
    words, folder = command(language, "backend")
    process = subprocess.Popen(words, cwd=folder, env=surroundings(PORT=str(port), **keys))
    try:
        yield f"http://127.0.0.1:{port}/session", process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def server_around(language, keys):
    """A backend that is a script: a web server runs it for each request, as its comment says."""
    words, folder = command(language, "backend")

    class Around(BaseHTTPRequestHandler):
        def do_POST(self):
            ran = subprocess.run([*words, "user-17"], cwd=folder, env=surroundings(**keys),
                                 stdout=subprocess.PIPE, check=False)
            self.send_response(502 if ran.returncode else 200)
            self.end_headers()
            self.wfile.write(ran.stdout)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Around)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/session", None
    finally:
        server.shutdown()


def ask(url, process):
    """What a backend answers, as soon as it listens."""
    start = time.monotonic()
    while time.monotonic() - start < WAIT_SECONDS_MAX:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, method="POST")) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            fail(f"the backend answered {error.code}")
        except OSError:
            if process and process.poll() is not None:
                fail(f"the backend ended with {process.returncode}")
            time.sleep(0.1)
    return fail(f"the backend did not listen within {WAIT_SECONDS_MAX} s")


def judge_session(language, session):
    same(sorted(session), ["expiresAt", "identityId", "token"], f"the session of {language}")
    left = session["expiresAt"] / 1000 - time.time()
    if not TOKEN_SECONDS - CLOCK_SECONDS_MAX < left <= TOKEN_SECONDS:
        fail(f"the token of {language} ends in {left} s, by its word")
    return session["identityId"]


def judge_client(language, url, identity, secret):
    words, folder = command(language, "client")
    ran = subprocess.run(words, cwd=folder, env=surroundings(BACKEND_URL=url), check=False,
                         stdout=subprocess.PIPE, text=True, timeout=WAIT_SECONDS_MAX)
    same(ran.returncode, 0, f"how the client of {language} ended, having said {ran.stdout!r}")
    key = f"{identity}/hello.txt"
    said = ran.stdout.strip().splitlines()[-2:]
    same(said, [f"allowed: {key} holds hello", f"refused: {FOREIGN} with AccessDenied"],
         f"what the client of {language} said")
    if secret in ran.stdout:
        fail(f"the client of {language} knows the backend's secret")
    s3 = client("s3")
    held = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode().strip()
    same(held, "hello", f"the object of {language}")
    s3.delete_object(Bucket=BUCKET, Key=key)
    same(s3.list_objects_v2(Bucket=BUCKET)["KeyCount"], 0, f"what {language} left elsewhere")


def main():
    _, pool, _, key = set_up()
    secret = key["SecretAccessKey"]
    keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": secret}
    write(pool)
    check_types()
    identities = set()
    with rust_programs():
        for language in LANGUAGES:
            serve = server_around if language in SCRIPTS else server_of
            with serve(language, keys) as (url, process):
                identity = judge_session(language, ask(url, process))
                judge_client(language, url, identity, secret)
            identities.add(identity)
            step(f"{language}: backend and client as shown, one folder open and one shut")
    same(len(identities), 1, "the identities of one user in all languages")
    print(f"the snippets hold at {ENDPOINT}")


if __name__ == "__main__":
    main()
