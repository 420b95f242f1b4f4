//! What every template, the style sheet and the script must keep to, read from their sources.
//!
//! **Source**: users page, section 8; requirements S84 and S85; WCAG 2.2, 1.4.3 and 1.4.11.

use std::fs;
use std::path::{Path, PathBuf};

const STYLE: &str = include_str!("console.css");
const SCRIPT: &str = include_str!("console.js");
const ICONS: &str = include_str!("icons.html");

/// Every template of the console with its name.
fn templates() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "html")
            {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(found.iter().any(|(path, _)| path.ends_with("layout.html")));
    found
}

/// The tags of a template, without their brackets.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
}

#[test]
fn s85_no_template_holds_inline_style_script_or_handler() {
    for (path, text) in templates() {
        for tag in tags(&text) {
            let words: Vec<&str> = tag.split_whitespace().collect();
            let bad = words.iter().skip(1).any(|word| {
                let handler = word.starts_with("on") && word.contains("=\"");
                handler || word.starts_with("style=") || word.contains("javascript:")
            });
            let name = words.first().copied().unwrap_or_default();
            assert!(!bad && name != "style", "{}: <{tag}>", path.display());
            if name == "script" {
                assert_eq!(tag, "script src=\"{{ frame.script_url }}\" defer");
            }
        }
    }
}

#[test]
fn s85_no_template_turns_escaping_off() {
    for (path, text) in templates() {
        let squeezed: String = text.split_whitespace().collect();
        for bad in ["|safe", "{%autoescape", "|unsafe"] {
            assert!(!squeezed.contains(bad), "{}: {bad}", path.display());
        }
    }
}

#[test]
fn s85_nothing_is_loaded_from_elsewhere() {
    for (path, text) in templates() {
        for tag in tags(&text) {
            let loads = [
                "src=\"http",
                "src=\"//",
                "href=\"http",
                "href=\"//",
                "@import",
            ];
            let bad = loads.iter().any(|load| tag.contains(load));
            let is_link = tag.starts_with("a ");
            assert!(!bad || is_link, "{}: <{tag}>", path.display());
        }
    }
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    for bad in [
        "http:",
        "https:",
        "innerHTML",
        "insertAdjacentHTML",
        "eval(",
        "sessionStorage",
    ] {
        assert!(!SCRIPT.contains(bad), "{bad}");
    }
}

#[test]
fn s84_every_form_that_posts_carries_the_token() {
    for (path, text) in templates() {
        if path.ends_with("sign_in.html") || path.ends_with("components.html") {
            continue; // nobody is signed in yet; a list of examples
        }
        for form in text.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let posts = form.contains("method=\"post\"");
            let carries = form.contains("name=\"csrf\"") || form.contains("csrf(");
            assert!(!posts || carries, "{}: <form{form}", path.display());
        }
    }
}

#[test]
fn every_icon_that_is_used_is_drawn() {
    for (path, text) in templates() {
        for rest in text.split("icon(\"").skip(1) {
            let name = rest.split('"').next().unwrap();
            assert!(
                ICONS.contains(&format!("id=\"i-{name}\"")),
                "{}: {name}",
                path.display()
            );
        }
    }
}

#[test]
fn the_first_load_is_light() {
    assert!(STYLE.len() <= 32 * 1024, "{}", STYLE.len());
    assert!(SCRIPT.len() <= 12 * 1024, "{}", SCRIPT.len());
}

/// The colours of the style sheet by name, in light and in dark.
fn colour(name: &str) -> [f64; 2] {
    let start = format!("--{name}: light-dark(");
    let rest = STYLE
        .split(&start)
        .nth(1)
        .unwrap_or_else(|| panic!("no colour {name}"));
    let pair: Vec<&str> = rest.split(')').next().unwrap().split(", ").collect();
    [luminance(pair[0]), luminance(pair[1])]
}

/// Relative luminance of `#rrggbb`.
fn luminance(hex: &str) -> f64 {
    let part = |from: usize| {
        let byte = u8::from_str_radix(&hex[from..from + 2], 16).unwrap();
        let share = f64::from(byte) / 255.0;
        if share <= 0.040_45 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn assert_contrast(front: &str, back: &str, least: f64) {
    for (front_light, back_light) in colour(front).into_iter().zip(colour(back)) {
        let (more, less) = (front_light.max(back_light), front_light.min(back_light));
        let ratio = (more + 0.05) / (less + 0.05);
        assert!(ratio >= least, "{front} on {back}: {ratio:.2}");
    }
}

#[test]
fn words_and_controls_keep_their_contrast_in_light_and_dark() {
    for back in ["page", "panel", "sunken", "hover", "wash"] {
        assert_contrast("text", back, 4.5);
        assert_contrast("soft", back, 4.5);
    }
    for (front, back) in [
        ("accent", "page"),
        ("accent", "panel"),
        ("accent", "wash"),
        ("bad", "panel"),
        ("ok", "ok-wash"),
        ("warn", "warn-wash"),
        ("bad", "bad-wash"),
        ("on-fill", "fill"),
        ("on-fill", "fill-hover"),
        ("on-fill", "bad-fill"),
    ] {
        assert_contrast(front, back, 4.5);
    }
    for front in [
        "control", "accent", "fill", "bad-fill", "s1", "s2", "s3", "s4", "s5", "s6",
    ] {
        assert_contrast(front, "panel", 3.0);
    }
}
