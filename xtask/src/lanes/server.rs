//! A server of a lane's own: fresh data, fresh keys, a free port, and a stop that is checked too.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::house::House;
use crate::program;

/// How long a server may take to say it is ready.
const START_SECONDS_MAX: u64 = 30;

/// How long it may take to stop when asked.
const STOP_SECONDS_MAX: u64 = 15;

/// Between two looks at a server.
const LOOK_MILLISECONDS: u64 = 50;

/// How much of a log is shown when a lane failed.
const LOG_LINES_SHOWN: usize = 200;

/// A running server.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
    key_id: String,
    secret: String,
    log: PathBuf,
}

/// Starts a server, runs the lane against it, stops it, and shows its log when anything failed.
pub(super) fn with(
    house: &House,
    lane: &str,
    proof: impl FnOnce(&Server) -> Result<(), String>,
) -> Result<(), String> {
    let mut server = Server::start(house, lane)?;
    let outcome = server.wait_until_ready().and_then(|()| proof(&server));
    let stopped = server.stop();
    let outcome = outcome.and(stopped).and_then(|()| server.judge_log());
    if outcome.is_err() {
        server.show_log();
    }
    outcome
}

impl Server {
    fn start(house: &House, lane: &str) -> Result<Self, String> {
        let folder = house.lanes("run").join(lane);
        let (data, log) = (folder.join("data"), folder.join("server.log"));
        fresh(&folder)?;
        let address = free_address()?;
        let (key_id, secret) = fresh_keys()?;
        let file = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        let copy = file
            .try_clone()
            .map_err(|error| format!("{}: {error}", log.display()))?;
        let mut command = Command::new(house.daypass());
        without_settings(&mut command)
            .args(["serve", "--listen", &address.to_string(), "--data"])
            .arg(&data)
            .env("DAYPASS_ROOT_ACCESS_KEY_ID", &key_id)
            .env("DAYPASS_ROOT_SECRET_ACCESS_KEY", &secret)
            // A lane may be an issuer of its own, on this machine.
            .env("DAYPASS_PRIVATE_ISSUERS", "127.0.0.1,localhost")
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(copy);
        println!(
            "$ daypass serve --listen {address} --data {}",
            data.display()
        );
        let child = command
            .spawn()
            .map_err(|error| format!("could not start daypass: {error}"))?;
        Ok(Self {
            child,
            address,
            key_id,
            secret,
            log,
        })
    }

    /// The base URL of everything.
    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Points a client at this server as its root, and at nothing else on the machine.
    pub(super) fn client<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let endpoint = self.endpoint();
        without_settings(command)
            .env("DAYPASS_ENDPOINT", &endpoint)
            .env("AWS_ENDPOINT_URL", &endpoint)
            .env("AWS_ACCESS_KEY_ID", &self.key_id)
            .env("AWS_SECRET_ACCESS_KEY", &self.secret)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("NO_PROXY", "127.0.0.1,localhost")
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(START_SECONDS_MAX) {
            if let Some(status) = self.ended()? {
                return Err(format!("daypass ended before it was ready: {status}"));
            }
            if is_ready(self.address) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(LOOK_MILLISECONDS));
        }
        Err(format!(
            "daypass was not ready within {START_SECONDS_MAX} s"
        ))
    }

    /// Asks the server to stop and insists that it does, by itself and without complaint.
    fn stop(&mut self) -> Result<(), String> {
        if let Some(status) = self.ended()? {
            return Err(format!("daypass ended by itself: {status}"));
        }
        program::run(Command::new("kill").args(["-TERM", &self.child.id().to_string()]))?;
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(STOP_SECONDS_MAX) {
            match self.ended()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("daypass stopped with {status}")),
                None => std::thread::sleep(Duration::from_millis(LOOK_MILLISECONDS)),
            }
        }
        Err(format!(
            "daypass did not stop within {STOP_SECONDS_MAX} s of being asked"
        ))
    }

    fn ended(&mut self) -> Result<Option<ExitStatus>, String> {
        self.child
            .try_wait()
            .map_err(|error| format!("daypass is out of reach: {error}"))
    }

    /// A log never holds the root's secret, whatever happened.
    fn judge_log(&self) -> Result<(), String> {
        let log = fs::read_to_string(&self.log).map_err(|error| format!("the log: {error}"))?;
        if log.contains(&self.secret) {
            Err("the log holds the root's secret".into())
        } else {
            Ok(())
        }
    }

    fn show_log(&self) {
        let log = fs::read_to_string(&self.log)
            .unwrap_or_default()
            .replace(&self.secret, "***");
        let lines: Vec<&str> = log.lines().collect();
        let shown = lines
            .iter()
            .skip(lines.len().saturating_sub(LOG_LINES_SHOWN));
        println!("-- the server's log, its last {LOG_LINES_SHOWN} lines at most");
        shown.for_each(|line| println!("{line}"));
        println!("-- end of the server's log");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when the server has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command without the settings of whoever runs the lanes.
pub(super) fn without_settings(command: &mut Command) -> &mut Command {
    let settings = std::env::vars_os().map(|(name, _)| name);
    let foreign = |name: &std::ffi::OsString| {
        let name = name.to_string_lossy();
        name.starts_with("DAYPASS_") || (name.starts_with("AWS_") && name != "AWS_CA_BUNDLE")
    };
    for name in settings.filter(foreign) {
        command.env_remove(name);
    }
    command
}

/// An empty folder of this name.
pub(super) fn fresh(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// An address of this machine that nobody listens on.
pub(super) fn free_address() -> Result<SocketAddr, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.map_err(|error| format!("no free port: {error}"))
}

/// Root keys that no other run has.
fn fresh_keys() -> Result<(String, String), String> {
    let mut bytes = [0_u8; 48];
    let source = File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    source.map_err(|error| format!("no randomness: {error}"))?;
    let letters: Vec<char> = ('A'..='Z').chain('2'..='7').collect();
    let (id, secret) = bytes.split_at(16);
    let letter = |byte: &u8| letters.get(usize::from(byte % 32)).copied().unwrap_or('A');
    let secret = secret
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let secret = secret.chars().take(40).collect();
    Ok((
        format!("AKIA{}", id.iter().map(letter).collect::<String>()),
        secret,
    ))
}

/// Whether `GET /readyz` answers 200.
fn is_ready(address: SocketAddr) -> bool {
    let wait = Duration::from_secs(2);
    let Ok(mut stream) = TcpStream::connect_timeout(&address, wait) else {
        return false;
    };
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut answer = [0_u8; 12];
    stream
        .set_read_timeout(Some(wait))
        .and_then(|()| stream.write_all(request.as_bytes()))
        .and_then(|()| stream.read_exact(&mut answer))
        .is_ok_and(|()| answer.starts_with(b"HTTP/1.1 200"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_have_different_keys_of_the_right_form() {
        let (a, b) = (fresh_keys().unwrap(), fresh_keys().unwrap());
        assert_ne!(a, b);
        assert_eq!((a.0.len(), a.1.len()), (20, 40));
        assert!(a.0.starts_with("AKIA") && a.0.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }

    #[test]
    fn nobody_is_ready_on_a_free_address() {
        assert!(!is_ready(free_address().unwrap()));
    }

    #[test]
    fn only_a_200_is_ready() {
        for (line, expected) in [("200 OK", true), ("503 Service Unavailable", false)] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let answer = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0_u8; 512];
                let read = stream.read(&mut request).unwrap();
                assert!(request[..read].starts_with(b"GET /readyz HTTP/1.1\r\n"));
                // In one piece: the client reads no further than the status and hangs up.
                let head = format!("HTTP/1.1 {line}\r\n\r\n");
                stream.write_all(head.as_bytes()).unwrap();
            });
            assert_eq!(is_ready(address), expected);
            answer.join().unwrap();
        }
    }
}
