//! Plots of the console: bars over time, and counts in order.
//!
//! A plot here is geometry in whole numbers, worked out in Rust, and a template that draws it: SVG
//! attributes and classes only, since the content security policy allows no inline style, and each
//! with its numbers in a table, since not everyone sees a picture. The words stand outside the
//! picture, so that it stretches to any width without a script.
//!
//! **Source**: users page, sections 7 (S3) and 8; requirement S85.

use askama::Template;
use askama::filters::HtmlSafe;

/// Colours in the stylesheet; further series are added up as the last one.
const SERIES_MAX: usize = 6;

/// Height of the drawing, in its own units; `plot_bars.html` draws to the same.
const HEIGHT: u128 = 1000;

/// Least height of a bar that is not zero, so that one among thousands is still seen.
const HEIGHT_MIN: u128 = 12;

/// One named row of numbers, a number for each point in time.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    name: String,
    values: Vec<u64>,
}

impl Series {
    /// A series of this name.
    pub(crate) fn new(name: &str, values: Vec<u64>) -> Self {
        Self {
            name: name.to_owned(),
            values,
        }
    }

    fn at(&self, index: usize) -> u64 {
        self.values.get(index).copied().unwrap_or(0)
    }
}

/// A plot of stacked bars with its table; print it in a template as it is.
#[derive(Clone, Debug, Template)]
#[template(path = "console/plot_bars.html")]
pub(crate) struct Bars {
    title: String,
    legend: Vec<Series>,
    columns: Vec<Column>,
    width: usize,
    summary: String,
    scale: String,
    half: String,
    axis: Vec<String>,
}

/// The template escapes every word it is given.
impl HtmlSafe for Bars {}

#[derive(Clone, Debug)]
struct Column {
    label: String,
    words: String,
    left: usize,
    parts: Vec<Part>,
    values: Vec<String>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct Part {
    series: usize,
    top: u128,
    height: u128,
}

/// Draws `series` over the points in time named `labels`, each series on top of the one before.
pub(crate) fn bars(title: &str, labels: &[String], series: &[Series]) -> Bars {
    let legend = fold(series, labels.len());
    let totals: Vec<u128> = (0..labels.len())
        .map(|index| legend.iter().map(|one| u128::from(one.at(index))).sum())
        .collect();
    let top = ceiling(totals.iter().copied().max().unwrap_or(0));
    let columns = labels.iter().enumerate();
    let columns = columns.map(|(index, label)| column(&legend, label, index, top));
    let anything = totals.iter().any(|total| *total > 0);
    Bars {
        title: title.to_owned(),
        columns: if anything { columns.collect() } else { vec![] },
        width: labels.len() * 100,
        summary: summary(title, &legend),
        scale: grouped(top),
        half: grouped(top / 2),
        axis: axis(labels),
        legend,
    }
}

/// At most as many series as there are colours: the last holds the rest.
fn fold(series: &[Series], points: usize) -> Vec<Series> {
    if series.len() <= SERIES_MAX {
        return series.to_vec();
    }
    let (shown, rest) = series.split_at(SERIES_MAX - 1);
    let sum = |index| {
        rest.iter()
            .fold(0, |sum: u64, one| sum.saturating_add(one.at(index)))
    };
    let mut legend = shown.to_vec();
    legend.push(Series::new("Others", (0..points).map(sum).collect()));
    legend
}

fn column(legend: &[Series], label: &str, index: usize, top: u128) -> Column {
    let mut floor = HEIGHT;
    let mut parts = Vec::new();
    for (number, series) in legend.iter().enumerate() {
        let value = u128::from(series.at(index));
        if value > 0 {
            let height = (value * HEIGHT / top).max(HEIGHT_MIN).min(floor);
            floor -= height;
            parts.push(Part {
                series: number + 1,
                top: floor,
                height,
            });
        }
    }
    let values: Vec<String> = legend
        .iter()
        .map(|one| grouped(one.at(index).into()))
        .collect();
    let named: Vec<String> = match legend {
        [_] => values.clone(),
        _ => legend
            .iter()
            .zip(&values)
            .map(|(one, value)| format!("{} {value}", one.name))
            .collect(),
    };
    Column {
        label: label.to_owned(),
        words: format!("{label}: {}", named.join(", ")),
        left: index * 100,
        parts,
        values,
    }
}

/// What someone who does not see the picture is told first.
fn summary(title: &str, legend: &[Series]) -> String {
    let total = |one: &Series| one.values.iter().map(|value| u128::from(*value)).sum();
    let most = |one: &Series| one.values.iter().copied().max().unwrap_or(0).into();
    let sums: Vec<String> = legend
        .iter()
        .map(|one| {
            format!(
                "{}: {} in all, {} at most",
                one.name,
                grouped(total(one)),
                grouped(most(one))
            )
        })
        .collect();
    format!(
        "{title}. {}. The numbers are in the table below.",
        sums.join("; ")
    )
}

/// The first, the middle and the last label.
fn axis(labels: &[String]) -> Vec<String> {
    match labels {
        [] | [_] | [_, _] => labels.to_vec(),
        [first, .., last] => {
            let middle = labels.get(labels.len() / 2);
            [Some(first), middle, Some(last)]
                .into_iter()
                .flatten()
                .cloned()
                .collect()
        }
    }
}

/// The smallest round number that is not below `value` and has a half.
fn ceiling(value: u128) -> u128 {
    let mut unit = 1;
    while unit * 10 < value {
        unit *= 10;
    }
    let steps: &[u128] = match unit {
        1 => &[20, 40, 60, 80],
        _ => &[12, 16, 20, 24, 30, 40, 50, 60, 80],
    };
    let fits = |top: &u128| *top >= value;
    steps
        .iter()
        .map(|tenths| tenths * unit / 10)
        .find(fits)
        .unwrap_or(10 * unit)
}

/// A number with its thousands apart: `18,220`.
pub(crate) fn grouped(value: u128) -> String {
    let digits = value.to_string();
    let mut words = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

/// Counts in order, as a table with bars; print it in a template as it is.
#[derive(Clone, Debug, Template)]
#[template(path = "console/plot_ranked.html")]
pub(crate) struct Ranked {
    title: String,
    label_head: String,
    count_head: String,
    rows: Vec<Row>,
}

/// The template escapes every word it is given.
impl HtmlSafe for Ranked {}

#[derive(Clone, Debug)]
struct Row {
    label: String,
    href: String,
    bar: u128,
    share: String,
    count: String,
}

/// One thing that was counted.
#[derive(Clone, Debug)]
pub(crate) struct Count {
    /// What a person reads.
    pub(crate) label: String,
    /// How often.
    pub(crate) times: u64,
    /// Where it leads; empty for nowhere.
    pub(crate) href: String,
}

/// Puts `counts` in order, the most first; `label_head` and `count_head` name the columns.
pub(crate) fn ranked(title: &str, label_head: &str, count_head: &str, counts: &[Count]) -> Ranked {
    let mut counts: Vec<&Count> = counts.iter().filter(|one| one.times > 0).collect();
    counts.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.label.cmp(&b.label)));
    let most = counts.first().map_or(1, |one| u128::from(one.times));
    let all: u128 = counts.iter().map(|one| u128::from(one.times)).sum();
    let row = |one: &&Count| Row {
        label: one.label.clone(),
        href: one.href.clone(),
        bar: (u128::from(one.times) * 100 / most).max(1),
        share: share(one.times.into(), all),
        count: grouped(one.times.into()),
    };
    Ranked {
        title: title.to_owned(),
        label_head: label_head.to_owned(),
        count_head: count_head.to_owned(),
        rows: counts.iter().map(row).collect(),
    }
}

/// A share in whole percent; what rounds to nothing is said to be below one.
fn share(count: u128, all: u128) -> String {
    match count * 100 / all.max(1) {
        0 => "< 1 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

#[cfg(test)]
mod tests;
