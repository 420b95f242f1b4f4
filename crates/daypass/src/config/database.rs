//! The address of the database, and the password that it often holds.
//!
//! **Source**: requirements S75 and S77 (a secret is neither shown nor typed as a flag).

use daypass_store::DatabaseUrl;

use super::check::given;
use super::layers::{Layers, Sourced, wrong};
use crate::exit::Failure;

/// The database, given directly or through a file that holds nothing else.
pub(super) fn url(layers: &Layers) -> Result<Option<DatabaseUrl>, Failure> {
    let Some(Sourced { value, source }) = given(layers, "database_url", "database_url_file")?
    else {
        return Ok(None);
    };
    let url: DatabaseUrl = value
        .parse()
        .map_err(|error| wrong("database_url", &source, &format!("{error}")))?;
    if url.has_password() && source.starts_with("flag ") {
        let sentence = "has a password, which every user of this machine could read; put the \
                        address into a file and name it with `--database-url-file`";
        return Err(wrong("database_url", &source, sentence));
    }
    Ok(Some(url))
}

/// Whether a line of the configuration file sets an address with a password.
pub(super) fn holds_password(line: &str) -> bool {
    let Some((name, value)) = line.split_once('=') else {
        return false;
    };
    let who = value
        .split_once("://")
        .and_then(|(_, rest)| rest.rsplit_once('@'));
    name.trim().trim_matches(['"', '\'']) == "database_url"
        && (who.is_some_and(|(who, _)| who.contains(':')) || value.contains("password="))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Inputs, load};

    const OPEN: &str = "postgres://me@db.example/ids";
    const CLOSED: &str = "postgres://me:CANARY@db.example/ids";

    fn inputs(flags: &[(&'static str, &str)], variables: &[(&str, &str)]) -> Inputs {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Inputs {
            flags: flags
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            variables: variables.iter().map(owned).collect(),
            default_file: "no-such-file".into(),
        }
    }

    #[test]
    fn s77_a_password_is_neither_typed_nor_shown() {
        let shown = |inputs: &Inputs| {
            let config = load(inputs).unwrap();
            let setting = config
                .shown
                .iter()
                .find(|shown| shown.name == "database_url");
            (
                config.database.is_some(),
                setting.map(|shown| shown.value.clone()),
            )
        };
        let typed = inputs(&[("database_url", OPEN)], &[]);
        assert_eq!(shown(&typed), (true, Some(format!("{OPEN:?}"))));
        let secret = inputs(&[("database_url", CLOSED)], &[]);
        let refusal = format!("{:?}", load(&secret).unwrap_err());
        assert!(refusal.contains("--database-url-file") && !refusal.contains("CANARY"));
        let given = inputs(&[], &[("DAYPASS_DATABASE_URL", CLOSED)]);
        let stars = "\"postgres://me:***@db.example/ids\"".to_owned();
        assert_eq!(shown(&given), (true, Some(stars)));
    }

    #[test]
    fn s77_an_address_may_rest_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("url");
        std::fs::write(&path, format!("{CLOSED}\n")).unwrap();
        let path = path.to_str().unwrap();
        let filed = inputs(&[("database_url_file", path)], &[]);
        let config = load(&filed).unwrap();
        assert!(config.database.is_some_and(|url| url.has_password()));
        assert!(!format!("{:?}", config.shown).contains("CANARY"));
        let twice = inputs(&[("database_url_file", path), ("database_url", OPEN)], &[]);
        assert!(load(&twice).is_err());
        std::fs::write(path, "mysql://me:CANARY@db/ids").unwrap();
        let refusal = format!("{:?}", load(&filed).unwrap_err());
        assert!(
            refusal.contains("postgres://") && !refusal.contains("CANARY"),
            "{refusal}"
        );
    }

    #[test]
    fn a_line_with_a_password_is_known() {
        assert!(holds_password(
            "database_url = \"postgres://me:secret@db/ids\""
        ));
        assert!(holds_password(
            "\"database_url\"='postgres://me@db/ids?password=secret'"
        ));
        assert!(!holds_password(
            "database_url = \"postgres://me@db:5432/ids\""
        ));
        assert!(!holds_password(
            "database_url_file = \"/run/secrets/a:b@c\""
        ));
        assert!(!holds_password("# database_url"));
    }
}
