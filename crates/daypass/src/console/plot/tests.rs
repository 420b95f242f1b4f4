//! Plots with nothing in them, with very much in them, and with words that would like to be markup.

use super::*;

fn labels(count: usize) -> Vec<String> {
    (1..=count).map(|day| format!("{day} Nov")).collect()
}

fn count(label: &str, count: u64) -> Count {
    Count {
        label: label.into(),
        times: count,
        href: String::new(),
    }
}

#[test]
fn s85_hostile_words_are_inert_in_both_plots() {
    let hostile = "</title><script>alert(1)</script>\" onload=\"x";
    let plot = bars(
        hostile,
        &[hostile.to_owned()],
        &[Series::new(hostile, vec![3]), Series::new("b", vec![1])],
    );
    let mut row = count(hostile, 2);
    row.href = "\"><img src=x>".into();
    let text = plot.to_string() + &ranked(hostile, hostile, hostile, &[row]).to_string();
    assert!(text.contains("&#60;script&#62;"), "{text}");
    for bad in ["<script", "\" onload", "<img", "style="] {
        assert!(!text.contains(bad), "{bad} in {text}");
    }
}

#[test]
fn nothing_to_show_is_said_in_words() {
    let nothing = [
        bars("Tokens", &[], &[]).to_string(),
        bars("Tokens", &labels(3), &[Series::new("Tokens", vec![0, 0])]).to_string(),
        ranked("Refusals", "Reason", "Times", &[count("token.expired", 0)]).to_string(),
    ];
    for text in nothing {
        assert!(text.contains("Nothing to show"), "{text}");
        assert!(!text.contains("<table"), "{text}");
    }
}

#[test]
fn the_largest_numbers_are_drawn_inside_the_picture() {
    let plot = bars(
        "Tokens",
        &labels(2),
        &[
            Series::new("a", vec![u64::MAX, 1]),
            Series::new("b", vec![u64::MAX, 0]),
        ],
    );
    for column in &plot.columns {
        for part in &column.parts {
            assert!(part.top + part.height <= HEIGHT, "{part:?}");
            assert!(part.height >= HEIGHT_MIN, "{part:?}");
        }
    }
    assert!(plot.to_string().contains("18,446,744,073,709,551,615"));
    assert!(
        ranked("r", "a", "b", &[count("x", u64::MAX), count("y", 1)])
            .to_string()
            .contains("&#60; 1 %")
    );
}

#[test]
fn bars_stand_on_each_other_in_proportion() {
    let plot = bars(
        "Logins",
        &labels(1),
        &[Series::new("a", vec![5]), Series::new("b", vec![3])],
    );
    let part = |series, top, height| Part {
        series,
        top,
        height,
    };
    assert_eq!(plot.columns[0].parts, [part(1, 375, 625), part(2, 0, 375)]);
    assert_eq!(plot.columns[0].words, "1 Nov: a 5, b 3");
}

#[test]
fn more_series_than_colours_end_in_others() {
    let series: Vec<Series> = (0..9)
        .map(|n| Series::new(&format!("p{n}"), vec![1]))
        .collect();
    let plot = bars("Logins", &labels(1), &series);
    assert_eq!(plot.legend.len(), SERIES_MAX);
    assert_eq!(plot.legend[5].name, "Others");
    assert_eq!(plot.legend[5].at(0), 4);
}

#[test]
fn the_scale_is_round_halves_well_and_is_not_below_the_highest_bar() {
    for (value, top) in [
        (0, 2),
        (1, 2),
        (3, 4),
        (9, 10),
        (10, 10),
        (11, 12),
        (431, 500),
        (1000, 1000),
        (1001, 1200),
    ] {
        assert_eq!(ceiling(value) % 2, 0, "{value}");
        assert_eq!(ceiling(value), top, "{value}");
    }
}

#[test]
fn thousands_stand_apart() {
    let words: Vec<String> = [0, 999, 1000, 18_220, 1_000_000]
        .into_iter()
        .map(grouped)
        .collect();
    assert_eq!(words, ["0", "999", "1,000", "18,220", "1,000,000"]);
}

#[test]
fn counts_are_in_order_with_their_shares() {
    let table = ranked(
        "Refusals",
        "Reason",
        "Times",
        &[count("b", 1), count("a", 3), count("c", 0)],
    );
    let rows: Vec<_> = table
        .rows
        .iter()
        .map(|row| (&*row.label, row.bar, &*row.share))
        .collect();
    assert_eq!(rows, [("a", 100, "75 %"), ("b", 33, "25 %")]);
}
