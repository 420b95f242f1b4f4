//! The fields of a form or a query, in the order they came.

/// The most fields that are read.
const FIELDS_MAX: usize = 1_000;

/// Names and values; a name may come more than once.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `name=value&…`.
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(encoded).into_owned();
        // Browsers send line ends as CR LF; texts are kept with LF alone.
        let plain = pairs.map(|(name, value)| (name, value.replace("\r\n", "\n")));
        Self(plain.take(FIELDS_MAX).collect())
    }

    /// The first value of a field; an absent field is empty.
    pub(crate) fn get(&self, name: &str) -> &str {
        let named = self.0.iter().find(|(field, _)| field == name);
        named.map_or("", |(_, value)| value)
    }

    /// The first value without the space around it.
    pub(crate) fn trimmed(&self, name: &str) -> &str {
        self.get(name).trim()
    }

    /// The first value, unless it is empty.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.trimmed(name)).filter(|value| !value.is_empty())
    }

    /// Whether a check box is ticked or a button was pressed.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// All values of a field.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let named = self.0.iter().filter(move |(field, _)| field == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Every field.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same without some fields.
    pub(crate) fn without(&self, unwanted: impl Fn(&str) -> bool) -> Self {
        let kept = self.0.iter().filter(|(name, _)| !unwanted(name));
        Self(kept.cloned().collect())
    }

    /// The same with one more field.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The encoded form.
    pub(crate) fn encode(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_survive_being_encoded_and_read() {
        let fields = Fields::parse(b"a=1&b=+x%26&a=2&empty=");
        assert_eq!(
            (fields.get("a"), fields.trimmed("b"), fields.get("absent")),
            ("1", "x&", "")
        );
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert!(fields.has("empty") && fields.given("empty").is_none());
        assert_eq!(Fields::parse(fields.encode().as_bytes()), fields);
        assert_eq!(fields.without(|name| name == "a").iter().count(), 2);
        assert_eq!(Fields::parse(b"t=a%0D%0Ab").get("t"), "a\nb");
    }

    #[test]
    fn s01_the_number_of_fields_is_bounded() {
        let many = "a=1&".repeat(FIELDS_MAX + 1);
        assert_eq!(Fields::parse(many.as_bytes()).iter().count(), FIELDS_MAX);
    }
}
