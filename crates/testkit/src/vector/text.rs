//! Reading the text of vectors into cases.
//!
//! **Shape**: see the module above. A line that is none of the known kinds is an error: a vector
//! that is misread must not pass.

/// One story: what is given, and the exchanges that follow.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Case {
    /// The operation it belongs to, or `any`.
    pub operation: String,
    /// What it shows.
    pub name: String,
    /// What is given, phrase by phrase.
    pub given: Vec<String>,
    /// The wire code that the last answer carries; `None` is success.
    pub error: Option<String>,
    /// The exchanges, in order.
    pub exchanges: Vec<Exchange>,
    /// What must hold afterwards.
    pub checks: Vec<Check>,
    /// The line at which it begins.
    pub line: usize,
}

/// A request and its answer, each as the lines of the vector without their marks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Exchange {
    /// `METHOD target`, header lines, an empty line, the body.
    pub request: Vec<String>,
    /// The status, header lines, an empty line, the body.
    pub answer: Vec<String>,
}

/// A `where:` line.
pub type Check = String;

/// Reads the cases of a file.
///
/// **Errors**: the line and what is wrong with it, in words.
pub fn parse(text: &str) -> Result<Vec<Case>, String> {
    let mut reader = Reader::default();
    for (line, number) in text.lines().zip(1..) {
        reader
            .line(line, number)
            .map_err(|what| format!("line {number}: {what}"))?;
    }
    reader.end_case()?;
    if reader.cases.is_empty() {
        return Err("no case".to_owned());
    }
    Ok(reader.cases)
}

#[derive(Default)]
struct Reader {
    operation: Option<String>,
    current: Option<Case>,
    expected: bool,
    cases: Vec<Case>,
}

impl Reader {
    fn line(&mut self, line: &str, number: usize) -> Result<(), String> {
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(rest) = marked(line, '>') {
            let case = self.case()?;
            let fresh = case
                .exchanges
                .last()
                .is_none_or(|last| !last.answer.is_empty());
            if fresh {
                case.exchanges.push(Exchange::default());
            }
            let last = case.exchanges.last_mut().ok_or("no exchange")?;
            last.request.push(rest.to_owned());
            return Ok(());
        }
        if let Some(rest) = marked(line, '<') {
            let last = self.case()?.exchanges.last_mut();
            let last = last.ok_or("an answer before any request")?;
            last.answer.push(rest.to_owned());
            return Ok(());
        }
        let (field, value) = line.split_once(':').ok_or("neither field nor exchange")?;
        self.field(field, value.trim(), number)
    }

    fn field(&mut self, field: &str, value: &str, number: usize) -> Result<(), String> {
        match field {
            "operation" if self.operation.is_none() => {
                self.operation = Some(value.to_owned());
            }
            "case" => {
                self.end_case()?;
                let operation = self.operation.clone().ok_or("a case before `operation:`")?;
                self.current = Some(Case {
                    operation,
                    name: value.to_owned(),
                    given: Vec::new(),
                    error: None,
                    exchanges: Vec::new(),
                    checks: Vec::new(),
                    line: number,
                });
            }
            "given" => {
                let phrases = value.split("; ").map(|phrase| phrase.trim().to_owned());
                self.case()?.given.extend(phrases);
            }
            "expect" => {
                let error = match value.split_once(' ') {
                    None if value == "ok" => None,
                    Some(("error", code)) => Some(code.to_owned()),
                    _ => return Err(format!("expect is `ok` or `error CODE`, not `{value}`")),
                };
                self.case()?.error = error;
                self.expected = true;
            }
            "where" => self.case()?.checks.push(value.to_owned()),
            other => return Err(format!("unknown field `{other}`")),
        }
        Ok(())
    }

    fn case(&mut self) -> Result<&mut Case, String> {
        self.current
            .as_mut()
            .ok_or_else(|| "no `case:` yet".to_owned())
    }

    fn end_case(&mut self) -> Result<(), String> {
        let Some(case) = self.current.take() else {
            return Ok(());
        };
        let answered = case.exchanges.iter().all(|one| !one.answer.is_empty());
        if !std::mem::take(&mut self.expected) {
            return Err(format!("case `{}` has no `expect:`", case.name));
        }
        if case.exchanges.is_empty() || !answered {
            return Err(format!(
                "case `{}` has a request without an answer",
                case.name
            ));
        }
        self.cases.push(case);
        Ok(())
    }
}

/// The rest of a line that begins with `mark`, without the one space after it.
fn marked(line: &str, mark: char) -> Option<&str> {
    let rest = line.strip_prefix(mark)?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "\
operation: GetId
# a remark
case: one
given: pool P, guests; guest G of P
given: the clock moves by 5 seconds
expect: error X
> POST /
>
> {}
< 400
<
< {}
> POST /
< 200
where: <A> is <B>

case: two
expect: ok
> GET /
< 200
";

    #[test]
    fn a_file_holds_cases_and_a_case_exchanges() {
        let cases = parse(TWO).unwrap();
        assert_eq!(cases.len(), 2);
        let one = &cases[0];
        assert_eq!(one.given.len(), 3);
        assert_eq!(one.error.as_deref(), Some("X"));
        assert_eq!(one.exchanges.len(), 2);
        assert_eq!(one.exchanges[0].request, ["POST /", "", "{}"]);
        assert_eq!(one.checks, ["<A> is <B>"]);
        assert_eq!(cases[1].error, None);
    }

    #[test]
    fn what_is_misread_does_not_pass() {
        for text in [
            "",
            "operation: A\n",
            "case: one\n",
            "operation: A\ncase: one\n> POST /\n< 200\n",
            "operation: A\ncase: one\nexpect: ok\n",
            "operation: A\ncase: one\nexpect: ok\n> POST /\n",
            "operation: A\ncase: one\nexpect: fine\n> POST /\n< 200\n",
            "operation: A\ncase: one\nexpcet: ok\n> POST /\n< 200\n",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
