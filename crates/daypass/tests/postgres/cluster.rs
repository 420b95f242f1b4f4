//! A PostgreSQL of our own: made in a temporary folder, reached by a socket in it, gone afterwards.
//!
//! Its databases sort like a language does unless told otherwise, which ours must not notice. The
//! server must not run as root, so where the test does, it becomes the user that the package made.

use daypass_store::DatabaseUrl;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const USER: &str = "postgres";
const PATIENCE: usize = 600;
const PAUSE: Duration = Duration::from_millis(100);

pub(crate) struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    server: Option<Child>,
    databases: usize,
}

impl Cluster {
    /// Makes a cluster and starts it.
    pub(crate) fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        if is_root() {
            let number = |flag| said(Command::new("id").args([flag, USER])).parse().ok();
            for owned in [folder.path(), &data] {
                chown(owned, number("-u"), number("-g")).unwrap();
            }
        }
        let cluster = Self {
            programs: programs(),
            folder,
            server: None,
            databases: 0,
        };
        let mut initdb = cluster.program("initdb");
        initdb.args(["--auth=trust", "--username=daypass", "--encoding=UTF8"]);
        initdb.args(["--locale=C.UTF-8", "--no-sync", "--pgdata"]);
        said(initdb.arg(data));
        let mut cluster = cluster;
        cluster.start();
        cluster
    }

    /// A program of PostgreSQL, as a user that may run it.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        if !is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid", USER, "--regid", USER, "--clear-groups"]);
        command.arg(program).current_dir("/");
        command
    }

    /// The folder of the server's socket.
    pub(crate) fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// The socket itself.
    pub(crate) fn socket_file(&self) -> PathBuf {
        self.folder.path().join(".s.PGSQL.5432")
    }

    /// Starts the server and waits until it answers.
    pub(crate) fn start(&mut self) {
        let mut server = self.program("postgres");
        server.arg("-D").arg(self.folder.path().join("data"));
        server.arg("-k").arg(self.folder.path());
        for setting in ["listen_addresses=", "log_min_messages=fatal"] {
            server.args(["-c", setting]);
        }
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .unwrap();
        self.server = Some(server.stdin(Stdio::null()).stderr(log).spawn().unwrap());
        for _ in 0..PATIENCE {
            if self
                .psql("template1", "select 1")
                .status()
                .unwrap()
                .success()
            {
                return;
            }
            std::thread::sleep(PAUSE);
        }
        panic!("the server does not answer");
    }

    /// Stops the server as a crash would.
    pub(crate) fn crash(&mut self) {
        let Some(mut server) = self.server.take() else {
            return;
        };
        let pid = Pid::from_raw(i32::try_from(server.id()).unwrap()).unwrap();
        kill_process(pid, Signal::QUIT).unwrap();
        server.wait().unwrap();
    }

    fn psql(&self, database: &str, sql: &str) -> Command {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.arg("-h").arg(self.socket());
        psql.args(["-U", "daypass", "-d", database, "-X", "-q", "-A", "-t"]);
        psql.args(["-v", "ON_ERROR_STOP=1", "-c", sql]);
        psql.stdout(Stdio::null()).stderr(Stdio::null());
        psql
    }

    /// What a statement answers.
    pub(crate) fn ask(&self, database: &str, sql: &str) -> String {
        said(self.psql(database, sql).stdout(Stdio::piped()))
    }

    pub(crate) fn version(&self) -> String {
        self.ask("template1", "select version()")
    }

    /// A new, empty database that sorts as people in Sweden do.
    pub(crate) fn database(&mut self) -> Database {
        self.databases += 1;
        let name = format!("ids{}", self.databases);
        self.ask(
            "template1",
            &format!(
                "create database {name} template template0 locale_provider icu \
                 icu_locale 'sv' locale 'C.UTF-8'"
            ),
        );
        let socket = self.socket().display().to_string().replace('/', "%2F");
        Database {
            url: format!("postgres://daypass@{socket}/{name}"),
            name,
        }
    }

    /// Everything in a database, as its own dump writes it.
    pub(crate) fn dump(&self, database: &str) -> String {
        let mut dump = Command::new(self.programs.join("pg_dump"));
        dump.arg("-h").arg(self.socket());
        said(dump.args(["-U", "daypass", database]))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.crash();
    }
}

/// One database of the cluster.
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) url: String,
}

impl Database {
    pub(crate) fn url(&self) -> DatabaseUrl {
        self.url.parse().unwrap()
    }

    /// The same database by way of a proxy.
    pub(crate) fn through(&self, address: std::net::SocketAddr) -> String {
        format!("postgres://daypass@{address}/{}", self.name)
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The newest PostgreSQL that Debian's packages put here, or the one on the search path.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    versions.sort();
    versions
        .pop()
        .expect("PostgreSQL is installed: apt-get install postgresql")
}

/// What a program printed, which must succeed.
fn said(command: &mut Command) -> String {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
