//! The binary under test as another process, and a client of plain sockets beside it.
//!
//! Nothing here shares code with the server's own socket handling: what is proved is what a
//! stranger would see.
#![allow(dead_code, reason = "each test binary uses its own part")]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a client has a clock and sockets"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use daypass_json::{Bounds, Object, Value};
use daypass_proof::secret::{AccessKeyId, SecretAccessKey};
use daypass_proof::sigv4::sign::Signer;
use daypass_proof::sigv4::{Dialect, Payload, RequestView};
use rustix::process::{Pid, Signal};

/// The longest any answer may take before a test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// Keys made for one test.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) id: AccessKeyId,
    pub(crate) secret: SecretAccessKey,
}

impl Keys {
    /// Fresh random keys.
    pub(crate) fn fresh() -> Self {
        let number = |_| random() % 10;
        let id: String = (0..16).map(number).map(|digit| digit.to_string()).collect();
        let secret: String = (0..40).map(number).map(|digit| digit.to_string()).collect();
        Self {
            id: format!("AKIA{id}").parse().unwrap(),
            secret: secret.parse().unwrap(),
        }
    }
}

/// A random number.
pub(crate) fn random() -> u64 {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    u64::from_be_bytes(bytes)
}

/// The binary, with nothing of the surrounding environment that it would read.
pub(crate) fn daypass(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DAYPASS_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a run that ended by itself said.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs a command to its end.
pub(crate) fn end(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    Ended {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    said: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// What it printed until it was ready.
    pub(crate) greeting: String,
}

/// The settings of `serve` on a port of the system's choice.
pub(crate) fn serve(data: &Path, root: Option<&Keys>) -> Command {
    let mut command = daypass(&["serve", "--listen", "127.0.0.1:0", "--data"]);
    // Away from any `daypass.toml` of the place the tests run in.
    command
        .arg(data)
        .current_dir(data.parent().unwrap())
        .stderr(Stdio::inherit());
    if let Some(root) = root {
        command.env("DAYPASS_ROOT_ACCESS_KEY_ID", root.id.as_str());
        command.env("DAYPASS_ROOT_SECRET_ACCESS_KEY", root.secret.expose());
    }
    command
}

impl Server {
    /// Starts a server and waits until it says that it is ready.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        let address = loop {
            let mut line = String::new();
            assert_ne!(
                out.read_line(&mut line).unwrap(),
                0,
                "ended before it was ready: {greeting}"
            );
            greeting.push_str(&line);
            if let Some((_, rest)) = line.split_once("listening on ") {
                break rest.split(',').next().unwrap().parse().unwrap();
            }
        };
        let said = Arc::new(Mutex::new(String::new()));
        let reader = Some(std::thread::spawn(gather(out, Arc::clone(&said))));
        Self {
            child,
            said,
            reader,
            address,
            greeting,
        }
    }

    /// The number of the process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Waits for the end; what was printed after the greeting comes with it.
    pub(crate) fn wait(&mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        (status, self.said.lock().unwrap().clone())
    }

    /// Kills it without a chance to tidy up.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.wait();
    }

    /// Asks it to stop, as an orchestrator does.
    pub(crate) fn stop(&mut self) -> (Option<i32>, String) {
        self.signal(Signal::TERM);
        let (status, said) = self.wait();
        (status.code(), said)
    }

    /// Sends bytes and reads until the server closes.
    pub(crate) fn exchange(&self, bytes: &[u8]) -> std::io::Result<String> {
        exchange(self.address, bytes)
    }

    /// The status of a plain `GET`.
    pub(crate) fn get(&self, path: &str) -> u16 {
        let address = self.address;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        status(&self.exchange(request.as_bytes()).unwrap()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has usually ended already.
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn gather(mut out: BufReader<ChildStdout>, said: Arc<Mutex<String>>) -> impl FnOnce() {
    move || {
        let mut line = Vec::new();
        while out
            .read_until(b'\n', &mut line)
            .is_ok_and(|bytes| bytes > 0)
        {
            said.lock()
                .unwrap()
                .push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
}

/// Sends bytes on a connection of their own and reads until the other side closes.
pub(crate) fn exchange(address: SocketAddr, bytes: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(bytes)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// An open connection that has sent something and waits.
pub(crate) fn hold(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

/// The status of an answer.
pub(crate) fn status(answer: &str) -> Option<u16> {
    answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

/// One signed call of the identity face: its status and its answer, or `None` when the server went
/// away before it had answered.
pub(crate) fn cognito(
    address: SocketAddr,
    keys: &Keys,
    operation: &str,
    input: &serde_json::Value,
) -> Option<(u16, Object)> {
    let service = ("cognito-identity", "AWSCognitoIdentityService");
    json_call(address, keys, service, operation, input)
}

/// One signed call of a JSON face, named as its signatures and as its targets name it.
pub(crate) fn json_call(
    address: SocketAddr,
    keys: &Keys,
    (service, prefix): (&str, &str),
    operation: &str,
    input: &serde_json::Value,
) -> Option<(u16, Object)> {
    let body = input.to_string();
    let target = format!("{prefix}.{operation}");
    let mut headers = vec![
        ("host".to_owned(), address.to_string().into_bytes()),
        (
            "content-type".to_owned(),
            b"application/x-amz-json-1.1".to_vec(),
        ),
        ("x-amz-target".to_owned(), target.into_bytes()),
    ];
    let signer = Signer {
        access_key_id: &keys.id,
        secret: &keys.secret,
        session_token: None,
        region: "us-east-1",
        service,
        dialect: Dialect::Json,
    };
    let view = RequestView {
        method: "POST",
        path: "/",
        query: "",
        headers: &headers,
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let now = i64::try_from(now).unwrap();
    let authorization = signer
        .authorize(&view, Payload::of(body.as_bytes()), now)
        .unwrap();
    headers.extend(
        authorization
            .into_headers()
            .into_iter()
            .map(|(name, value)| (name, value.into_bytes())),
    );

    let mut request = "POST / HTTP/1.1\r\nConnection: close\r\n".to_owned();
    for (name, value) in &headers {
        request.extend([name, ": ", &String::from_utf8_lossy(value), "\r\n"]);
    }
    let request = format!("{request}Content-Length: {}\r\n\r\n{body}", body.len());
    let answer = exchange(address, request.as_bytes()).ok()?;
    let status = status(&answer)?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    // Half an answer is none.
    match daypass_json::parse(body.as_bytes(), &Bounds::WIRE) {
        Ok(Value::Object(object)) => Some((status, object)),
        _ => None,
    }
}

/// A text of an answer.
pub(crate) fn text(answer: &Object, member: &str) -> String {
    answer
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
