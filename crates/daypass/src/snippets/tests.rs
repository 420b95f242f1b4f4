//! What every snippet has to hold, in every language.

use super::*;

/// The key that a client presents its token under.
const OWN_LOGIN: &str = "cognito-identity.amazonaws.com";

const FILLING: Filling<'static> = Filling {
    endpoint: "https://identity.example.com",
    region: "eu-west-1",
    identity_pool_id: "eu-west-1:6b1f3c0a-9a52-4a8e-8f0e-2f1f0b6f7d11",
    developer_provider_name: Some("login.example.app"),
    bucket: Some("uploads-of-users"),
    guests: false,
};

/// Every snippet there is, filled in alike.
fn every(filling: &Filling<'_>) -> Vec<Snippet> {
    let halves = all().flat_map(|(language, sides)| sides.into_iter().map(move |s| (language, s)));
    let halves = halves.map(|(language, side)| snippet(language, side, filling).unwrap());
    halves.collect()
}

/// What a failed assertion calls a snippet.
fn name(one: &Snippet) -> String {
    format!("{} {}", one.language, one.side)
}

#[test]
fn every_language_has_its_halves_and_only_those() {
    let halves: Vec<_> = all()
        .map(|(language, sides)| (language.slug(), sides.len()))
        .collect();
    let single: Vec<_> = halves.iter().filter(|(_, count)| *count == 1).collect();
    assert_eq!(halves.len(), 12);
    assert_eq!(single, [&("swift", 1), &("terraform", 1)]);
    assert!(snippet(Language::Terraform, Side::Client, &FILLING).is_none());
    assert!(snippet(Language::Swift, Side::Backend, &FILLING).is_none());
}

#[test]
fn no_placeholder_is_left_and_no_line_is_too_long() {
    for one in every(&FILLING) {
        assert!(!one.text.contains(['«', '»']), "{}", name(&one));
        for line in one.text.lines() {
            assert!(line.chars().count() <= 100, "{}: {line}", name(&one));
            assert!(!line.ends_with([' ', '\t']), "{}: {line}", name(&one));
        }
        assert!(one.text.ends_with('\n'), "{}", name(&one));
    }
}

/// Short enough to be read before it is run. What handles errors by hand takes a little more.
#[test]
fn a_snippet_is_short() {
    for one in every(&FILLING) {
        let comment = ["//", "#", "/**", "\"\"\""];
        let code = one.text.lines().map(str::trim_start).filter(|line| {
            !line.is_empty() && !comment.iter().any(|start| line.starts_with(start))
        });
        let lines_max = match one.language {
            Language::Go | Language::Java | Language::Swift => 80,
            _ => 60,
        };
        let lines = code.count();
        assert!(lines <= lines_max, "{}: {lines} lines", name(&one));
    }
}

#[test]
fn a_backend_names_the_provider_and_a_client_the_constant() {
    for one in every(&FILLING) {
        let has = |text: &str| one.text.contains(text);
        assert!(has("https://identity.example.com"), "{}", name(&one));
        assert!(has("eu-west-1"), "{}", name(&one));
        match one.side {
            Side::Backend => {
                assert!(has("login.example.app"), "{}", name(&one));
                assert!(has(FILLING.identity_pool_id), "{}", name(&one));
            }
            Side::Client => {
                assert!(!has("login.example.app"), "{}", name(&one));
                assert!(has(OWN_LOGIN) && has("uploads-of-users"), "{}", name(&one));
                let note = one.note.unwrap();
                assert!(
                    note.contains("together") && note.contains(OWN_LOGIN),
                    "{note}"
                );
            }
        }
    }
}

/// The two lines that people confuse, as they stand in each snippet.
const LOGINS: &str = r#"
typescript-v3 backend   Logins: { "login.example.app": userId },
typescript-v2 backend   Logins: { "login.example.app": userId },
python backend          Logins={"login.example.app": user_id},
rust backend            .logins("login.example.app", user_id)
go backend              map[string]string{"login.example.app": loggedInUser(r)},
java backend            .logins(Map.of("login.example.app", userId))
dotnet backend          Logins = new() { ["login.example.app"] = LoggedInUser(
kotlin backend          logins = mapOf("login.example.app" to userId)
curl backend            developer_provider_name='login.example.app'
aws-cli backend         developer_provider_name='login.example.app'
terraform backend       developer_provider_name          = "login.example.app"
typescript-v3 client    logins: { "OWN": async () => (await session()).token },
typescript-v2 client    Logins: { "OWN": first.token },
python client           Logins={"OWN": fresh["token"]},
rust client             .logins("OWN", fresh.token)
go client               Logins: map[string]string{"OWN": fresh.Token},
java client             .logins(Map.of("OWN", fresh.get("token").asText())))
dotnet client           ["OWN"] = fresh.Token,
swift client            ["OWN": fresh.token]
kotlin client           logins = mapOf("OWN" to fresh.getString("token"))
curl client             Logins: {"OWN": .token}}'
aws-cli client          Logins: {"OWN": .token}}'
"#;

#[test]
fn the_logins_line_is_the_right_one_of_the_two() {
    let rows: Vec<&str> = LOGINS.lines().filter(|row| !row.is_empty()).collect();
    for row in &rows {
        let (half, line) = row.split_at(24);
        let (language, side) = half.trim_end().split_once(' ').unwrap();
        let (language, side) = (language.parse().unwrap(), side.parse().unwrap());
        let one = snippet(language, side, &FILLING).unwrap();
        let line = line.replace("OWN", OWN_LOGIN);
        assert!(one.text.contains(&line), "{}: {line}", name(&one));
    }
    assert_eq!(rows.len(), every(&FILLING).len());
}

#[test]
fn a_hostile_value_stays_a_value() {
    let hostile = Filling {
        developer_provider_name: Some("a\"'\\$(x)${y}\n»«region»"),
        ..FILLING
    };
    for one in every(&hostile) {
        let expected = match one.language {
            Language::Curl | Language::AwsCli => "'a\"'\\''\\$(x)${y}\n»«region»'".to_owned(),
            Language::Terraform => r#""a\"'\\$(x)$${y}\n\u00bb\u00abregion\u00bb""#.to_owned(),
            Language::Kotlin => r#""a\"'\\\$(x)\${y}\n\u00bb\u00abregion\u00bb""#.to_owned(),
            Language::Rust => r#""a\"'\\$(x)${y}\n\u{bb}\u{ab}region\u{bb}""#.to_owned(),
            Language::Java => r#""a\"'\\$(x)${y}\n\273\253region\273""#.to_owned(),
            _ => r#""a\"'\\$(x)${y}\n\u00bb\u00abregion\u00bb""#.to_owned(),
        };
        let holds = one.text.contains(&expected);
        assert_eq!(holds, one.side == Side::Backend, "{}", name(&one));
    }
}

#[test]
fn what_is_not_known_is_a_placeholder_for_a_person() {
    let bare = Filling {
        developer_provider_name: None,
        bucket: None,
        guests: true,
        ..FILLING
    };
    for one in every(&bare) {
        let (missing, said) = match one.side {
            Side::Backend => (NO_PROVIDER, "no developer provider yet"),
            Side::Client => (NO_BUCKET, "guests"),
        };
        assert!(one.text.contains(missing), "{}", name(&one));
        assert!(one.note.unwrap().contains(said), "{}", name(&one));
    }
    let terraform = snippet(Language::Terraform, Side::Backend, &bare).unwrap();
    assert!(
        terraform
            .text
            .contains("allow_unauthenticated_identities = true\n")
    );
}

#[test]
fn no_secret_stands_in_a_snippet() {
    for one in every(&FILLING) {
        assert!(!one.text.contains("AKIA"), "{}", name(&one));
        if one.side == Side::Backend {
            let text = one.text.contains("AWS_ACCESS_KEY_ID");
            assert!(text, "{} says where its keys come from", name(&one));
        }
    }
}

#[test]
fn slugs_are_read_as_they_are_written() {
    for language in Language::ALL {
        assert_eq!(language.slug().parse(), Ok(language));
        assert!(!language.label().is_empty());
    }
    for side in [Side::Backend, Side::Client] {
        assert_eq!(side.slug().parse(), Ok(side));
    }
    let unknown = "cobol".parse::<Language>().unwrap_err().to_string();
    assert!(unknown.starts_with("no language is called `cobol`; there are typescript-v3, "));
    assert!("middle".parse::<Side>().is_err());
}
