//! Two servers on one database, as their clients see them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::json;
use tempfile::TempDir;

use super::Case;
use super::cluster::{Cluster, Database};
use super::proxy::{Proxy, Weather};
use super::support::{Keys, Server, cognito, serve, text};

pub(crate) const CASES: &[Case] = &[
    (
        "f10_one_login_on_two_servers_is_one_identity",
        f10_one_login_is_one_identity,
    ),
    (
        "s56_a_change_is_in_force_on_the_other_server",
        s56_a_change_is_in_force,
    ),
    (
        "f23_a_server_without_its_database",
        f23_a_server_without_its_database,
    ),
    (
        "f08_minting_while_answers_are_lost",
        f08_minting_while_answers_are_lost,
    ),
    (
        "f07_minting_while_the_database_restarts",
        f07_minting_through_a_restart,
    ),
    ("s74_a_dump_shows_no_secret", s74_a_dump_shows_no_secret),
];

const PROVIDER: &str = "login.shared.example";
const CLIENTS: usize = 16;
/// A change is in force on the other servers within this time.
const IN_FORCE_WITHIN: Duration = Duration::from_secs(1);
/// A server is back within this time after its database is.
const BACK_WITHIN: Duration = Duration::from_secs(5);

/// What the servers of one deployment share beside the database.
struct Deployment {
    place: TempDir,
    root: Keys,
}

impl Deployment {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let key = format!("daypass-master-key-1:{}\n", "5e".repeat(32));
        let file = place.path().join("master.key");
        std::fs::write(&file, key).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        Self {
            place,
            root: Keys::fresh(),
        }
    }

    fn data(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn command(&self, name: &str, url: &str, root: Option<&Keys>) -> Command {
        let data = self.data(name);
        let mut command = serve(Path::new(&data), root);
        command.args(["--issuer", "https://ids.example", "--log-format", "json"]);
        command.args(["--log", "warn", "--database-url", url]);
        command
            .arg("--master-key-file")
            .arg(self.place.path().join("master.key"));
        command
    }

    /// Starts one server.
    fn start(&self, name: &str, url: &str) -> Server {
        Server::start(&mut self.command(name, url, Some(&self.root)))
    }

    /// Starts two at the same moment.
    fn start_two(&self, urls: [&str; 2]) -> [Server; 2] {
        std::thread::scope(|scope| {
            let [one, two] = [("one", urls[0]), ("two", urls[1])]
                .map(|(name, url)| scope.spawn(move || self.start(name, url)));
            [one.join().unwrap(), two.join().unwrap()]
        })
    }

    fn call(
        &self,
        address: SocketAddr,
        operation: &str,
        input: &serde_json::Value,
    ) -> (u16, daypass_json::Object) {
        cognito(address, &self.root, operation, input).expect("an answer")
    }

    fn create_pool(&self, address: SocketAddr) -> String {
        let input = json!({
            "IdentityPoolName": "shared",
            "AllowUnauthenticatedIdentities": false,
            "DeveloperProviderName": PROVIDER,
        });
        let (status, answer) = self.call(address, "CreateIdentityPool", &input);
        assert_eq!(status, 200, "{answer:?}");
        text(&answer, "IdentityPoolId")
    }

    /// The identity of a user, or the status and code of the refusal.
    fn mint(&self, address: SocketAddr, pool: &str, user: &str) -> Result<String, (u16, String)> {
        let input = json!({"IdentityPoolId": pool, "Logins": {PROVIDER: user}});
        let operation = "GetOpenIdTokenForDeveloperIdentity";
        let (status, answer) = self.call(address, operation, &input);
        if status == 200 {
            Ok(text(&answer, "IdentityId"))
        } else {
            Err((status, text(&answer, "__type")))
        }
    }

    /// Mints for users of their own from many clients at once, each at a server of its own; gives
    /// what they were told, in the order they were told it.
    fn mint_many(
        &self,
        addresses: &[SocketAddr],
        pool: &str,
        rounds: usize,
        meanwhile: impl FnOnce(),
    ) -> BTreeMap<String, Vec<Result<String, (u16, String)>>> {
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let address = addresses[client % addresses.len()];
                    scope.spawn(move || {
                        let mint = |round| {
                            let user = format!("user-{client}-{round}");
                            let told = self.mint(address, pool, &user);
                            if told.is_err() {
                                // As a client would, which does not come back at once.
                                std::thread::sleep(Duration::from_millis(100));
                            }
                            (user, told)
                        };
                        (0..rounds).map(mint).collect::<Vec<_>>()
                    })
                })
                .collect();
            meanwhile();
            let mut told: BTreeMap<String, Vec<_>> = BTreeMap::new();
            for (user, answer) in clients.into_iter().flat_map(|one| one.join().unwrap()) {
                told.entry(user).or_default().push(answer);
            }
            told
        })
    }

    /// Every user that was told of an identity still has that one, and no two share one.
    fn compare(
        &self,
        address: SocketAddr,
        pool: &str,
        told: &BTreeMap<String, Vec<Result<String, (u16, String)>>>,
    ) -> usize {
        let mut users: BTreeMap<String, &str> = BTreeMap::new();
        let mut answered = 0;
        for (user, answers) in told {
            let now = self.mint(address, pool, user).unwrap();
            for answer in answers.iter().flatten() {
                assert_eq!(*answer, now, "{user}");
                answered += 1;
            }
            assert_eq!(users.insert(now, user), None);
        }
        answered
    }
}

fn identities(cluster: &Cluster, database: &Database) -> usize {
    let count =
        "select count(*) from daypass_records where key >= 'identity ' and key < 'identity!'";
    cluster.ask(&database.name, count).parse().unwrap()
}

fn f10_one_login_is_one_identity(cluster: &mut Cluster) {
    let database = cluster.database();
    let deployment = Deployment::new();
    let [mut one, mut two] = deployment.start_two([&database.url, &database.url]);
    let pool = deployment.create_pool(one.address);
    let addresses = [one.address, two.address];
    for user in 0..10 {
        let user = format!("user-{user}");
        let told: Vec<String> = std::thread::scope(|scope| {
            let mint = |client: usize| {
                let (deployment, pool, user) = (&deployment, &pool, &user);
                scope.spawn(move || deployment.mint(addresses[client % 2], pool, user))
            };
            let clients: Vec<_> = (0..CLIENTS).map(mint).collect();
            clients
                .into_iter()
                .map(|client| client.join().unwrap().expect("an identity"))
                .collect()
        });
        assert!(told.iter().all(|identity| *identity == told[0]), "{told:?}");
    }
    assert_eq!(identities(cluster, &database), 10);
    assert_eq!((one.stop().0, two.stop().0), (Some(0), Some(0)));
}

fn s56_a_change_is_in_force(cluster: &mut Cluster) {
    let database = cluster.database();
    let deployment = Deployment::new();
    let [one, two] = deployment.start_two([&database.url, &database.url]);
    let pool = deployment.create_pool(one.address);
    deployment.mint(two.address, &pool, "user").unwrap();
    for name in ["first", "second", "third"] {
        let change = json!({
            "IdentityPoolId": pool,
            "IdentityPoolName": name,
            "AllowUnauthenticatedIdentities": false,
            "DeveloperProviderName": PROVIDER,
        });
        let changed = deployment.call(one.address, "UpdateIdentityPool", &change);
        assert_eq!(changed.0, 200);
        let asked = SystemTime::now();
        let (_, seen) = deployment.call(
            two.address,
            "DescribeIdentityPool",
            &json!({"IdentityPoolId": pool}),
        );
        // Not within a second but with the very next request: nothing is kept that could be old.
        assert_eq!(text(&seen, "IdentityPoolName"), name);
        assert!(asked.elapsed().unwrap() < IN_FORCE_WITHIN);
    }
    // This one answers with nothing, which is no object.
    let pool_only = json!({"IdentityPoolId": pool});
    let gone = cognito(
        one.address,
        &deployment.root,
        "DeleteIdentityPool",
        &pool_only,
    );
    assert!(gone.is_none(), "{gone:?}");
    let (status, code) = deployment.mint(two.address, &pool, "user").unwrap_err();
    assert_eq!((status, code.as_str()), (400, "ResourceNotFoundException"));
}

fn f23_a_server_without_its_database(cluster: &mut Cluster) {
    let database = cluster.database();
    let proxy = Proxy::to(cluster.socket_file());
    let deployment = Deployment::new();
    let through = database.through(proxy.address);
    let [near, far] = deployment.start_two([&database.url, &through]);
    let pool = deployment.create_pool(near.address);
    let known = deployment.mint(far.address, &pool, "user").unwrap();
    proxy.turn(Weather::Down);
    let asked = SystemTime::now();
    for user in ["user", "another"] {
        let refused = deployment.mint(far.address, &pool, user).unwrap_err();
        assert_eq!(refused, (500, "InternalErrorException".to_owned()));
    }
    assert_eq!((far.get("/readyz"), far.get("/healthz")), (503, 200));
    assert!(asked.elapsed().unwrap() < Duration::from_secs(5));
    assert_eq!(near.get("/readyz"), 200);
    assert_eq!(deployment.mint(near.address, &pool, "user").unwrap(), known);
    proxy.turn(Weather::Fair);
    assert_eq!(deployment.mint(far.address, &pool, "user").unwrap(), known);
    assert_eq!(far.get("/readyz"), 200);
}

fn f08_minting_while_answers_are_lost(cluster: &mut Cluster) {
    let database = cluster.database();
    let proxy = Proxy::to(cluster.socket_file());
    let deployment = Deployment::new();
    let through = database.through(proxy.address);
    let [one, two] = deployment.start_two([&through, &database.url]);
    let pool = deployment.create_pool(one.address);
    let addresses = [one.address, two.address];
    let told = deployment.mint_many(&addresses, &pool, 20, || {
        for _ in 0..100 {
            proxy.turn(Weather::CutCommit);
            std::thread::sleep(Duration::from_millis(20));
        }
        proxy.turn(Weather::Fair);
    });
    println!("  {} commits lost their answer", proxy.cuts());
    assert!(proxy.cuts() > 0);
    // Who was told to come back did, with the comparison, and found one identity like all others.
    let answered = deployment.compare(two.address, &pool, &told);
    println!("  {answered} of {} answered at once", told.len());
    assert!(answered > told.len() / 2);
    for (status, code) in told
        .values()
        .flatten()
        .filter_map(|told| told.as_ref().err())
    {
        assert_eq!((*status, code.as_str()), (500, "InternalErrorException"));
    }
    assert_eq!(identities(cluster, &database), told.len());
}

fn f07_minting_through_a_restart(cluster: &mut Cluster) {
    let database = cluster.database();
    let deployment = Deployment::new();
    let [one, two] = deployment.start_two([&database.url, &database.url]);
    let pool = deployment.create_pool(one.address);
    let addresses = [one.address, two.address];
    // Long enough before and after, on a slow machine, too.
    let told = deployment.mint_many(&addresses, &pool, 100, || {
        std::thread::sleep(Duration::from_secs(2));
        cluster.crash();
        std::thread::sleep(Duration::from_millis(300));
        cluster.start();
    });
    let back = SystemTime::now();
    while [&one, &two]
        .iter()
        .any(|server| server.get("/readyz") != 200)
    {
        assert!(
            back.elapsed().unwrap() < BACK_WITHIN,
            "the servers do not come back"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let refused = told
        .values()
        .flatten()
        .filter_map(|told| told.as_ref().err());
    for (status, code) in refused {
        assert_eq!((*status, code.as_str()), (500, "InternalErrorException"));
    }
    let answered = deployment.compare(two.address, &pool, &told);
    println!("  {answered} of {} answered", told.len());
    assert!(answered > 0);
    assert_eq!(identities(cluster, &database), told.len());
}

fn s74_a_dump_shows_no_secret(cluster: &mut Cluster) {
    let database = cluster.database();
    let deployment = Deployment::new();
    // Without a root key from outside, the first start makes one and says it once.
    let server = Server::start(&mut deployment.command("one", &database.url, None));
    let secret = server
        .greeting
        .lines()
        .find_map(|line| line.trim().strip_prefix("AWS_SECRET_ACCESS_KEY="))
        .expect("the secret of the root key");
    let dump = cluster.dump(&database.name);
    assert!(
        dump.contains("daypass_records") && dump.contains("access-key"),
        "{dump}"
    );
    assert!(!dump.contains(secret));
    assert!(!dump.contains("PRIVATE KEY") && !dump.contains(&"5e".repeat(32)));
}
