//! The part of the role step about one kind of identity: what is chosen and what is wrong with it.
//!
//! **Source**: users page, section 7 (S5, S9); IAM and S3 naming rules.

use super::role_plan::{self, Plan, Policy};
use crate::api::pools::IdentityPool;
use crate::api::roles::Role;
use crate::console::fields::Fields;
use crate::console::parts::{Choice, FieldError, error_of};
use crate::console::roles::policy_fault;
use crate::templates::{self, Access, IdentityKind};

/// Stands in a document where the bucket is named, so that the page can show it as it is typed.
const BUCKET_MARK: &str = "\u{E000}";

/// What a custom policy begins with.
const CUSTOM_BEGINNING: &str = "{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    {
      \"Effect\": \"Allow\",
      \"Action\": \"s3:GetObject\",
      \"Resource\": \"arn:aws:s3:::example/*\"
    }
  ]
}";

/// What is chosen for one kind of identity.
#[derive(Clone, Debug)]
pub(super) struct KindForm {
    /// Whose role it is.
    pub(super) kind: IdentityKind,
    /// What the names of its fields begin with.
    pub(super) prefix: &'static str,
    /// Who they are.
    pub(super) who: &'static str,
    /// One sentence about them, in this pool.
    pub(super) about: &'static str,
    /// The trust policy of a role to be made, in words.
    pub(super) trust_words: String,
    /// The trust policy of a role to be made.
    pub(super) trust: String,
    /// `keep`, `new`, `existing` or `none`.
    pub(super) how: String,
    /// The role that is set now.
    pub(super) current: Option<String>,
    /// The name of a role to be made.
    pub(super) name: String,
    /// `own-prefix`, `read-only`, `custom` or `nothing`.
    pub(super) template: String,
    /// The bucket of the template.
    pub(super) bucket: String,
    /// The text of a custom policy.
    pub(super) policy: String,
    /// The ARN of a role that is there.
    pub(super) role: String,
    /// The roles that are there.
    pub(super) choices: Vec<Choice>,
    /// The line of the custom policy that does not read; 0 for none.
    pub(super) line: usize,
    /// That line with the place marked.
    pub(super) mark: String,
    /// What is to be put right.
    pub(super) errors: Vec<FieldError>,
}

impl KindForm {
    /// What is proposed.
    pub(super) fn first(
        pool: &IdentityPool,
        kind: IdentityKind,
        current: Option<&str>,
        taken: &[String],
    ) -> Self {
        let (id, name) = (&pool.identity_pool_id, &pool.identity_pool_name);
        let guests = kind == IdentityKind::Unauthenticated;
        let guests_on = pool.allow_unauthenticated_identities;
        let how = match current {
            Some(_) => "keep",
            None if guests && !guests_on => "none",
            None => "new",
        };
        Self {
            kind,
            prefix: if guests { "guest" } else { "auth" },
            who: role_plan::who(kind),
            about: match (guests, guests_on) {
                (false, _) => "Identities that showed a login, your own or another provider's.",
                (true, true) => {
                    "Anybody who knows the pool id. Give them only what the whole world may have."
                }
                (true, false) => "Guests are off in this pool, so a role for them has no effect.",
            },
            trust_words: role_plan::trust_words(name, kind),
            trust: templates::trust(id, kind, false),
            how: how.to_owned(),
            current: current.map(str::to_owned),
            name: role_plan::role_name(name, id, kind, taken),
            template: role_plan::usual_access(kind).policy_name().to_owned(),
            bucket: role_plan::bucket_name(name, kind),
            policy: CUSTOM_BEGINNING.to_owned(),
            role: current.unwrap_or_default().to_owned(),
            choices: Vec::new(),
            line: 0,
            mark: String::new(),
            errors: Vec::new(),
        }
    }

    /// The same with what was sent.
    pub(super) fn sent(self, fields: &Fields) -> Self {
        let text = |name: &str| fields.trimmed(&self.field(name)).to_owned();
        let how = match text("how").as_str() {
            "keep" if self.current.is_some() => "keep",
            "new" => "new",
            "existing" => "existing",
            _ => "none",
        };
        Self {
            how: how.to_owned(),
            name: text("name"),
            template: text("template"),
            bucket: text("bucket"),
            policy: fields.get(&self.field("policy")).to_owned(),
            role: text("role"),
            ..self
        }
    }

    /// The same with the roles there are to choose from, unless they may not be listed.
    pub(super) fn with_choices(self, roles: Option<&[Role]>) -> Self {
        let mut choices = vec![Choice::new("", "Choose a role", &self.role)];
        let roles = roles.unwrap_or_default().iter();
        choices.extend(roles.map(|role| Choice::new(&role.arn, &role.role_name, &self.role)));
        Self { choices, ..self }
    }

    /// The name of a field.
    pub(super) fn field(&self, name: &str) -> String {
        format!("{}_{name}", self.prefix)
    }

    /// A condition under which a part of the form matters.
    pub(super) fn when(&self, name: &str, values: &str) -> String {
        format!("{}={values}", self.field(name))
    }

    /// What is wrong with a field, or nothing.
    pub(super) fn error(&self, name: &str) -> &str {
        error_of(&self.errors, &self.field(name))
    }

    /// The ways to a role.
    pub(super) fn ways(&self) -> Vec<Choice> {
        let mut ways = Vec::new();
        if let Some(arn) = &self.current {
            let name = templates::role_in(arn).unwrap_or(arn);
            let keep = Choice::new("keep", "Keep the role they have", &self.how);
            ways.push(keep.hint(name));
        }
        ways.push(
            Choice::new("new", "Create a role", &self.how)
                .hint("From a template; it trusts this pool and nobody else."),
        );
        ways.push(Choice::new(
            "existing",
            "Choose a role that is there",
            &self.how,
        ));
        ways.push(Choice::new("none", "No role", &self.how).hint("They get no access."));
        ways
    }

    /// What a role to be made may grant.
    pub(super) fn templates(&self) -> Vec<Choice> {
        let choice = |value, label| Choice::new(value, label, &self.template);
        vec![
            choice("own-prefix", "Own files in a bucket").hint(
                "Each identity reads, writes and deletes under its own id, and sees nobody else's.",
            ),
            choice("read-only", "Read a whole bucket")
                .hint("Each identity reads every file of the bucket and changes none."),
            choice("custom", "A policy of your own").hint("As JSON, below."),
            choice("nothing", "Nothing yet").hint("You add policies to the role later."),
        ]
    }

    /// The template that is chosen, if it is one of ours.
    fn access(&self) -> Option<Access> {
        [Access::OwnPrefix, Access::ReadOnly]
            .into_iter()
            .find(|access| access.policy_name() == self.template)
    }

    fn wrong(&mut self, name: &str, message: impl Into<String>) {
        self.errors.push(FieldError {
            field: self.field(name),
            message: message.into(),
        });
    }

    /// Notes what is wrong.
    pub(super) fn check(&mut self, taken: &[String]) {
        match self.how.as_str() {
            "new" => self.check_new(taken),
            "existing" if templates::role_in(&self.role).is_none() => {
                self.wrong("role", "Choose the role they are to have.");
            }
            _ => {}
        }
    }

    fn check_new(&mut self, taken: &[String]) {
        if !role_plan::is_name(&self.name) {
            let message = "A role name has 1 to 64 letters (A to Z), digits and + = , . @ - _.";
            self.wrong("name", message);
        } else if taken
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&self.name))
        {
            let message = "A role of this name is there already. Give another name, or choose it.";
            self.wrong("name", message);
        }
        if self.access().is_some() && !role_plan::is_bucket_name(&self.bucket) {
            let message = "A bucket name has 3 to 63 small letters, digits, dots and dashes.";
            self.wrong("bucket", message);
        }
        if self.template == "custom" {
            self.check_policy();
        }
    }

    fn check_policy(&mut self) {
        if let Some((message, line, mark)) = policy_fault(&self.policy) {
            (self.line, self.mark) = (line, mark);
            self.wrong("policy", format!("{}.", message.trim_end_matches('.')));
        }
    }

    /// Two roles to be made have two names.
    pub(super) fn check_beside(&mut self, other: &Self) {
        let both = self.how == "new" && other.how == "new";
        if both && self.name.eq_ignore_ascii_case(&other.name) {
            self.wrong("name", "Give the two roles two different names.");
        }
    }

    /// The role to be made.
    pub(super) fn plan(&self) -> Option<Plan> {
        let policy = match self.access() {
            Some(access) => Some(Policy::ready(access, &self.bucket)),
            None if self.template == "custom" => Some(Policy {
                name: "custom".to_owned(),
                document: self.policy.clone(),
                bucket: None,
            }),
            None => None,
        };
        (self.how == "new").then(|| Plan {
            kind: self.kind,
            role_name: self.name.clone(),
            policy,
        })
    }

    /// The role that was chosen among those that are there.
    pub(super) fn chosen(&self) -> Option<&str> {
        (self.how == "existing").then_some(self.role.as_str())
    }

    /// Whether the role stays as it is.
    pub(super) fn keeps(&self) -> bool {
        self.how == "keep"
    }
}

/// A template on the page: its name, its title and its text, cut where the bucket is named.
pub(super) type Shown = (&'static str, &'static str, Vec<String>);

/// The templates as the page shows them.
pub(super) fn ready_templates() -> Vec<Shown> {
    let one = |title, access: Access| (access.policy_name(), title, cut(access));
    vec![
        one("Own files in a bucket", Access::OwnPrefix),
        one("Read a whole bucket", Access::ReadOnly),
    ]
}

/// The text of a template, cut where the bucket is named.
fn cut(access: Access) -> Vec<String> {
    let text = access.policy(BUCKET_MARK);
    text.split(BUCKET_MARK).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(guests: bool) -> IdentityPool {
        IdentityPool {
            identity_pool_id: "us-east-1:0c9f9f9c".into(),
            identity_pool_name: "My app".into(),
            allow_unauthenticated_identities: guests,
            ..IdentityPool::default()
        }
    }

    fn users() -> KindForm {
        KindForm::first(&pool(false), IdentityKind::Authenticated, None, &[])
    }

    #[test]
    fn users_are_offered_a_new_role_and_guests_one_only_where_they_are_let_in() {
        let how = |guests, kind| KindForm::first(&pool(guests), kind, None, &[]).how;
        assert_eq!(how(false, IdentityKind::Authenticated), "new");
        assert_eq!(how(false, IdentityKind::Unauthenticated), "none");
        assert_eq!(how(true, IdentityKind::Unauthenticated), "new");
        let set = KindForm::first(&pool(true), IdentityKind::Authenticated, Some("a"), &[]);
        assert!(set.keeps() && set.plan().is_none());
    }

    #[test]
    fn what_is_proposed_has_no_fault_and_makes_the_role_it_shows() {
        let mut form = users();
        form.check(&[]);
        assert_eq!(form.errors, []);
        let plan = form.plan().unwrap();
        assert_eq!(plan.role_name, "Cognito_MyappAuth_Role");
        let shown = cut(Access::OwnPrefix).join(&form.bucket);
        assert_eq!(plan.policy.unwrap().document, shown);
    }

    #[test]
    fn each_fault_is_said_at_its_field() {
        for (fields, fault) in [
            ("auth_how=new&auth_name=a+b", "auth_name"),
            ("auth_how=new&auth_name=Taken", "auth_name"),
            (
                "auth_how=new&auth_name=a&auth_template=own-prefix&auth_bucket=B",
                "auth_bucket",
            ),
            (
                "auth_how=new&auth_name=a&auth_template=custom&auth_policy=%7B",
                "auth_policy",
            ),
            ("auth_how=existing&auth_role=", "auth_role"),
        ] {
            let mut form = users().sent(&Fields::parse(fields.as_bytes()));
            form.check(&["taken".into()]);
            assert_eq!(form.errors.len(), 1, "{fields}");
            assert_eq!(form.errors[0].field, fault);
        }
    }
}
