//! Why a text is not an acceptable policy, in the words IAM uses.
//!
//! Clients and their users know these sentences from IAM, so they are kept letter for letter even
//! where their style is not ours. The wire code is `MalformedPolicyDocument` for all but the two
//! limits (see [`DocumentError::is_limit`]).
//!
//! **Source**: IAM API reference, *CreatePolicy* and *CreateRole*, errors; texts as observed.

/// Why a text is not an acceptable policy document.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DocumentError {
    /// Not JSON, a doubled or unknown member, a wrong shape, an operator nobody knows.
    #[error("Syntax errors in policy.")]
    Syntax,
    /// The text starts with white space.
    #[error("JSON strings must not have leading spaces")]
    LeadingSpace,
    /// A value that the element or operator cannot hold.
    #[error("The policy failed legacy parsing")]
    LegacyParsing,
    /// Two statements share a `Sid`.
    #[error("Statement IDs (SID) in a single policy must be unique.")]
    SidNotUnique,
    /// A `Sid` with other characters than letters and digits.
    #[error(
        "Statement IDs (SID) must be alpha-numeric. \
         Check that your input satisfies the regular expression [0-9A-Za-z]*"
    )]
    SidCharacters,
    /// Neither `Action` nor `NotAction`, or an empty list.
    #[error("Policy statement must contain actions.")]
    NoActions,
    /// Neither `Resource` nor `NotResource`, or an empty list.
    #[error("Policy statement must contain resources.")]
    NoResources,
    /// A resource that is neither `*` nor an ARN.
    #[error("Resource {resource} must be in ARN format or \"*\".")]
    ResourceFormat {
        /// The resource as written.
        resource: String,
    },
    /// A resource in a partition that does not exist.
    #[error("Partition \"{partition}\" is not valid for resource \"{resource}\".")]
    Partition {
        /// The partition as written.
        partition: String,
        /// The resource, completed to six parts.
        resource: String,
    },
    /// A resource without a service, or with a wildcard in it.
    #[error("Resource vendor must be fully qualified and cannot contain regexes.")]
    ResourceVendor,
    /// An IAM resource with a region.
    #[error("IAM resource {resource} cannot contain region information.")]
    IamRegion {
        /// The resource as written.
        resource: String,
    },
    /// An S3 resource with a region that is not an access point.
    #[error("Resource {resource} can not contain region information.")]
    S3Region {
        /// The resource as written.
        resource: String,
    },
    /// An IAM resource of no known type.
    #[error(
        "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, \
         group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, \
         saml-provider/, oidc-provider/, report/, access-report/."
    )]
    IamPath,
    /// An action without a service prefix.
    #[error("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")]
    NoVendor,
    /// An action with more than one colon.
    #[error("Actions/Condition can contain only one colon.")]
    Colons,
    /// An action whose service prefix has characters it cannot have.
    #[error("Vendor {vendor} is not valid")]
    Vendor {
        /// The prefix as written.
        vendor: String,
    },
    /// A principal in an identity, session or boundary policy.
    #[error("Policy document should not specify a principal.")]
    PrincipalProhibited,
    /// A member this kind of policy cannot have.
    #[error("Has prohibited field {field}")]
    Prohibited {
        /// The member's name.
        field: &'static str,
    },
    /// A trust or resource policy statement that names nobody.
    #[error("Missing required field Principal")]
    PrincipalMissing,
    /// A principal of no known form.
    #[error("Invalid principal in policy: \"{kind}\":\"{value}\"")]
    PrincipalInvalid {
        /// The principal's type as written (`AWS`, `Federated`, …).
        kind: String,
        /// The principal as written.
        value: String,
    },
    /// A trust policy about something other than assuming the role.
    #[error("AssumeRole policy may only specify STS AssumeRole actions.")]
    TrustActions,
    /// More statements than one document may hold.
    #[error(
        "Cannot exceed quota for StatementsPerPolicy: {}",
        crate::limits::STATEMENTS_MAX
    )]
    TooManyStatements,
    /// More condition values than one statement may hold.
    #[error(
        "Cannot exceed quota for ConditionValuesPerStatement: {}",
        crate::limits::CONDITION_VALUES_MAX
    )]
    TooManyConditionValues,
}

impl DocumentError {
    /// Whether the text is well formed but past a limit (`LimitExceeded`, not
    /// `MalformedPolicyDocument`).
    pub fn is_limit(&self) -> bool {
        matches!(self, Self::TooManyStatements | Self::TooManyConditionValues)
    }
}
