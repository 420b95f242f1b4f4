//! The oracle's conditions: every question asked of the texts themselves.
//!
//! **Source**: IAM user guide, *Policy element reference: Condition operators* and *Multivalued
//! context keys*.

use std::net::IpAddr;

use daypass_json::{Object, Value};
use daypass_policy::{Context, ContextValue};

use super::glob::{Glyph, exactly, fits, plain, with_variables};
use super::list;

/// Whether every operator of a block holds for every one of its keys.
pub(super) fn holds(block: &Value, variables: bool, context: &Context) -> bool {
    let operators = block.as_object().into_iter().flat_map(Object::iter);
    operators.into_iter().all(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flat_map(Object::iter);
        keys.into_iter().all(|(key, listed)| {
            let question = Question::new(operator, list(listed), variables, context);
            question.holds(context.get(key))
        })
    })
}

struct Question<'a> {
    /// `foranyvalue`, `forallvalues` or nothing.
    set: String,
    if_exists: bool,
    /// The operator in lower case, without prefix, suffix and `not`.
    name: String,
    negated: bool,
    listed: Vec<String>,
    variables: bool,
    context: &'a Context,
}

impl<'a> Question<'a> {
    fn new(operator: &str, listed: Vec<String>, variables: bool, context: &'a Context) -> Self {
        let mut name = operator.to_lowercase();
        let mut set = String::new();
        if let Some((prefix, rest)) = name.clone().split_once(':') {
            (set, name) = (prefix.to_owned(), rest.to_owned());
        }
        let if_exists = name.ends_with("ifexists");
        name = name.replace("ifexists", "");
        let negated = name.contains("not");
        name = name.replace("not", "");
        Self {
            set,
            if_exists,
            name,
            negated,
            listed,
            variables,
            context,
        }
    }

    fn holds(&self, held: Option<&ContextValue>) -> bool {
        let values: Vec<&str> = held
            .map(ContextValue::values)
            .unwrap_or_default()
            .iter()
            .map(String::as_str)
            .collect();
        if self.name == "null" {
            let state = if values.is_empty() { "true" } else { "false" };
            return self.listed.iter().any(|it| it.to_lowercase() == state);
        }
        let without_value = values.is_empty() || values == [""];
        let any = self.set == "foranyvalue";
        if self.set == "forallvalues" {
            return without_value || values.iter().all(|value| self.satisfied(value));
        }
        if values.is_empty() {
            return self.if_exists || (self.negated && !any);
        }
        if any {
            return !without_value && values.iter().any(|value| self.satisfied(value));
        }
        // Several values without a set prefix satisfy nothing.
        values.len() == 1 && values.iter().all(|value| self.satisfied(value))
    }

    /// One context value: equal to some listed value, or, when negated, to none.
    fn satisfied(&self, value: &str) -> bool {
        let equal = self.listed.iter().any(|listed| self.compare(value, listed));
        if self.negated { !equal } else { equal }
    }

    fn compare(&self, value: &str, listed: &str) -> bool {
        match self.name.as_str() {
            "stringequals" => fits(&self.read(listed, false), value),
            "stringlike" => fits(&self.read(listed, true), value),
            "stringequalsignorecase" => {
                let glyphs: Vec<Glyph> = self
                    .read(listed, false)
                    .into_iter()
                    .map(|glyph| match glyph {
                        Glyph::Exactly(character) => Glyph::Exactly(folded(character)),
                        other => other,
                    })
                    .collect();
                fits(&glyphs, &value.chars().map(folded).collect::<String>())
            }
            "bool" => {
                let lower = value.to_lowercase();
                ["true", "false"].contains(&lower.as_str())
                    && self.spoken(listed).map(|text| text.to_lowercase()) == Some(lower)
            }
            "binaryequals" => is_base64(value) && value == listed,
            "ipaddress" => in_network(value, listed),
            "arnequals" | "arnlike" => self.same_arn(value, listed),
            name => {
                if let Some(way) = name.strip_prefix("numeric") {
                    ordered(way, number(value), number(listed))
                } else {
                    let way = name.strip_prefix("date").unwrap_or_default();
                    ordered(way, instant(value), instant(listed))
                }
            }
        }
    }

    fn read(&self, text: &str, is_pattern: bool) -> Vec<Glyph> {
        if self.variables {
            with_variables(text, is_pattern, self.context)
        } else if is_pattern {
            plain(text)
        } else {
            exactly(text)
        }
    }

    /// A listed value with its variables spoken out, if they all have a value.
    fn spoken(&self, text: &str) -> Option<String> {
        let glyphs = self.read(text, false);
        let character = |glyph: &Glyph| match glyph {
            Glyph::Exactly(character) => Some(*character),
            _ => None,
        };
        glyphs.iter().map(character).collect()
    }

    /// Six parts on both sides, each fitting; colons inside `${…}` do not count.
    fn same_arn(&self, value: &str, listed: &str) -> bool {
        let parts: Vec<&str> = value.splitn(6, ':').collect();
        if parts.len() < 6 {
            return false;
        }
        if self.variables && listed.starts_with("${") && listed.find('}') == Some(listed.len() - 1)
        {
            return fits(&self.read(listed, false), value);
        }
        let mut patterns = vec![String::new()];
        let mut inside = false;
        let mut before = ' ';
        for character in listed.chars() {
            inside = (inside || (self.variables && before == '$' && character == '{'))
                && character != '}';
            before = character;
            if character == ':' && !inside && patterns.len() < 6 {
                patterns.push(String::new());
            } else if let Some(last) = patterns.last_mut() {
                last.push(character);
            }
        }
        patterns.len() == 6
            && patterns
                .iter()
                .zip(parts)
                .all(|(pattern, part)| fits(&self.read(pattern, true), part))
    }
}

/// Letters that share a capital are one letter; the alphabet of the cases is Latin and Greek.
fn folded(character: char) -> char {
    match character {
        'ς' => 'σ',
        other => other.to_lowercase().next().unwrap_or(other),
    }
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "+/".contains(it))
}

/// The address as a row of bits; a mapped IPv6 address as the IPv4 address in it.
fn bits(address: &str) -> Option<String> {
    let address: IpAddr = address.parse().ok()?;
    let bytes: Vec<u8> = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.octets().to_vec(),
            None => address.octets().to_vec(),
        },
    };
    let rows: Vec<String> = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    Some(rows.concat())
}

fn in_network(value: &str, network: &str) -> bool {
    let (address, length) = match network.split_once('/') {
        Some((address, length)) => (address, length.parse().unwrap_or(0)),
        None => (network, usize::MAX),
    };
    let (Some(value), Some(bits)) = (bits(value), bits(address)) else {
        return false;
    };
    // A mapped network counts its length from the start of the IPv6 address, 96 bits earlier.
    let before = if bits.len() == 32 && address.contains(':') {
        96
    } else {
        0
    };
    let head = |row: &str| {
        row.chars()
            .take(length.saturating_sub(before))
            .collect::<String>()
    };
    value.len() == bits.len() && head(&value) == head(&bits)
}

/// Millionths, so that six decimals are exact.
fn number(text: &str) -> Option<i128> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let negative = whole.starts_with('-');
    let whole = whole.trim_start_matches('-');
    let digits = format!("{whole}{decimals:0<6}");
    if whole.is_empty() || !digits.chars().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let size: i128 = digits.parse().ok()?;
    Some(if negative { -size } else { size })
}

/// Seconds since 1970, counted year by year and month by month.
fn instant(text: &str) -> Option<i128> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(i128::from(seconds));
    }
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
    let mut numbers = date.split('-').map(str::parse::<i128>);
    let year = numbers.next()?.ok()?;
    let month = numbers.next()?.ok()?;
    let day = numbers.next().unwrap_or(Ok(1)).ok()?;
    let mut days = day - 1;
    days += (1970..year).map(year_days).sum::<i128>();
    days -= (year..1970).map(year_days).sum::<i128>();
    days += (1..month)
        .map(|month| month_days(year, month))
        .sum::<i128>();
    Some(days * 86_400 + seconds_of_day(time)?)
}

fn year_days(year: i128) -> i128 {
    (1..=12).map(|month| month_days(year, month)).sum()
}

fn month_days(year: i128, month: i128) -> i128 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn seconds_of_day(text: &str) -> Option<i128> {
    let clock = |text: &str| -> Option<i128> {
        let mut total = 0;
        for (part, weight) in text.split(':').zip([3_600, 60, 1]) {
            total += part.parse::<i128>().ok()? * weight;
        }
        Some(total)
    };
    if let Some((local, ahead)) = text.split_once('+') {
        return Some(clock(local)? - clock(ahead)?);
    }
    if let Some((local, behind)) = text.split_once('-') {
        return Some(clock(local)? + clock(behind)?);
    }
    clock(text.trim_end_matches('Z'))
}

/// Whether `left` stands to `right` the way the rest of the operator's name says.
fn ordered(way: &str, left: Option<i128>, right: Option<i128>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return false;
    };
    match way {
        "equals" => left == right,
        "lessthan" => left < right,
        "lessthanequals" => left <= right,
        "greaterthan" => left > right,
        "greaterthanequals" => left >= right,
        _ => false,
    }
}
