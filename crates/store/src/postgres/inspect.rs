//! Whether a database can be trusted with identities, asked once at the start.
//!
//! A server that answers "committed" before it is so would lose users without anyone noticing, and
//! a database in another encoding could not hold their names.
//!
//! **Source**: requirement F11; PostgreSQL documentation, *Write Ahead Log* settings.

use super::connection::in_time;
use super::trouble::Trouble;
use crate::StoreError;
use tokio_postgres::Client;

/// The oldest PostgreSQL that is tested.
const VERSION_MIN: u32 = 14;

const SETTINGS: &str = "select name, setting from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding')";

/// Refuses a database that is not fit; `development` lets one pass that may lose data.
pub(super) async fn fit(client: &Client, development: bool) -> Result<(), StoreError> {
    let asked = async {
        let version: String = client
            .query_one("select version()", &[])
            .await?
            .try_get(0)?;
        let mut settings = Vec::new();
        for row in client.query(SETTINGS, &[]).await? {
            settings.push((row.try_get(0)?, row.try_get(1)?));
        }
        Ok::<_, Trouble>((version, settings))
    };
    let asked = in_time(asked).await.and_then(|asked| asked);
    let (version, settings) = asked.map_err(Trouble::nothing_happened)?;
    let faults = faults(&version, &settings, development);
    if faults.is_empty() {
        return Ok(());
    }
    Err(StoreError::Unsuitable(faults.join("; ")))
}

fn faults(version: &str, settings: &[(String, String)], development: bool) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(major) = major_of(version)
        && major < VERSION_MIN
    {
        faults.push(format!(
            "it is PostgreSQL {major}, and {VERSION_MIN} is the oldest that will do"
        ));
    }
    for (name, value) in settings {
        match (name.as_str(), value.as_str()) {
            ("server_encoding", "UTF8") => {}
            ("server_encoding", other) => faults.push(format!("its encoding is {other}, not UTF8")),
            (_, "off") if !development => {
                faults.push(format!(
                    "`{name}` is off, so that it would lose what it acknowledged"
                ));
            }
            _ => {}
        }
    }
    faults
}

/// The major version of a PostgreSQL; relatives with numbers of their own are not judged by it.
fn major_of(version: &str) -> Option<u32> {
    let number = version.strip_prefix("PostgreSQL ")?;
    let number = number.split([' ', '.']).next()?;
    if version.contains("-YB-") {
        return None;
    }
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN: &str = "PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on x86_64-pc-linux-gnu";

    fn found(version: &str, name: &str, value: &str, development: bool) -> Vec<String> {
        faults(version, &[(name.to_owned(), value.to_owned())], development)
    }

    #[test]
    fn f11_a_database_that_loses_what_it_acknowledged_is_refused() {
        for name in ["fsync", "full_page_writes", "synchronous_commit"] {
            let faults = found(DEBIAN, name, "off", false);
            assert_eq!(faults.len(), 1);
            assert!(faults.iter().all(|fault| fault.contains(name)));
            assert!(found(DEBIAN, name, "off", true).is_empty());
            assert!(found(DEBIAN, name, "on", false).is_empty());
        }
        assert!(found(DEBIAN, "synchronous_commit", "remote_apply", false).is_empty());
    }

    #[test]
    fn an_encoding_that_cannot_hold_every_name_is_refused() {
        assert!(found(DEBIAN, "server_encoding", "UTF8", false).is_empty());
        for development in [false, true] {
            assert_eq!(
                found(DEBIAN, "server_encoding", "SQL_ASCII", development).len(),
                1
            );
        }
    }

    #[test]
    fn an_old_postgresql_is_refused_and_a_relative_is_not() {
        for (version, refused) in [
            ("PostgreSQL 13.9 on x86_64", true),
            ("PostgreSQL 14.0 on x86_64", false),
            ("PostgreSQL 19beta1 on x86_64", false),
            ("PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64", false),
            ("CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu)", false),
        ] {
            assert_eq!(
                !faults(version, &[], false).is_empty(),
                refused,
                "{version}"
            );
        }
    }
}
