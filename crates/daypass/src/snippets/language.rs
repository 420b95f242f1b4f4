//! The languages that snippets come in, and the file that each of their halves is.
//!
//! **Source**: users page, section 8 (S8).

use std::fmt;
use std::str::FromStr;

/// A language, with the SDK or tool that is used in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Language {
    /// TypeScript with the AWS SDK for JavaScript v3.
    TypeScriptV3,
    /// TypeScript with the AWS SDK for JavaScript v2.
    TypeScriptV2,
    /// Python with boto3.
    Python,
    /// Rust with the AWS SDK for Rust.
    Rust,
    /// Go with the AWS SDK for Go v2.
    Go,
    /// Java with the AWS SDK for Java 2.x.
    Java,
    /// C# with the AWS SDK for .NET v4.
    DotNet,
    /// Swift with the AWS SDK for Swift.
    Swift,
    /// Kotlin with the AWS SDK for Kotlin.
    Kotlin,
    /// A shell with nothing but curl and jq.
    Curl,
    /// A shell with the AWS command line.
    AwsCli,
    /// Terraform with its AWS provider.
    Terraform,
}

/// One of the two halves of the journey.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    /// The developer's server, which vouches for a user.
    Backend,
    /// The user's program, which trades the token for credentials.
    Client,
}

/// A template and what surrounds it.
pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) install: &'static str,
    pub(super) template: &'static str,
}

/// One half: its file name, its template, and how its packages are installed.
macro_rules! file {
    ($name:literal, $template:literal, $install:literal) => {
        Some(File {
            name: $name,
            install: $install,
            template: include_str!($template),
        })
    };
}

impl Language {
    /// Every language, in the order a person is offered them.
    pub(crate) const ALL: [Self; 12] = [
        Self::TypeScriptV3,
        Self::TypeScriptV2,
        Self::Python,
        Self::Rust,
        Self::Go,
        Self::Java,
        Self::DotNet,
        Self::Swift,
        Self::Kotlin,
        Self::Curl,
        Self::AwsCli,
        Self::Terraform,
    ];

    /// Its name in addresses and on the command line.
    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::TypeScriptV3 => "typescript-v3",
            Self::TypeScriptV2 => "typescript-v2",
            Self::Python => "python",
            Self::Rust => "rust",
            Self::Go => "go",
            Self::Java => "java",
            Self::DotNet => "dotnet",
            Self::Swift => "swift",
            Self::Kotlin => "kotlin",
            Self::Curl => "curl",
            Self::AwsCli => "aws-cli",
            Self::Terraform => "terraform",
        }
    }

    /// Its name for people.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::TypeScriptV3 => "TypeScript, SDK v3",
            Self::TypeScriptV2 => "TypeScript, SDK v2",
            Self::Python => "Python",
            Self::Rust => "Rust",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::DotNet => ".NET",
            Self::Swift => "Swift",
            Self::Kotlin => "Kotlin",
            Self::Curl => "curl",
            Self::AwsCli => "AWS CLI",
            Self::Terraform => "Terraform",
        }
    }

    /// The file of one half, if the language has it: nobody's server is written in Swift, and
    /// Terraform sets up what the backend needs but runs nowhere.
    pub(super) const fn file(self, side: Side) -> Option<File> {
        match side {
            Side::Backend => self.backend(),
            Side::Client => self.client(),
        }
    }

    const fn backend(self) -> Option<File> {
        match self {
            Self::TypeScriptV3 => file!(
                "backend.mts",
                "typescript-v3.backend.txt",
                "npm install @aws-sdk/client-cognito-identity@3 tsx"
            ),
            Self::TypeScriptV2 => file!(
                "backend.mts",
                "typescript-v2.backend.txt",
                "npm install aws-sdk@2 tsx"
            ),
            Self::Python => file!("backend.py", "python.backend.txt", "pip install boto3"),
            Self::Rust => file!(
                "main.rs",
                "rust.backend.txt",
                "cargo add aws-config aws-sdk-cognitoidentity axum serde_json tokio -F tokio/full"
            ),
            Self::Go => file!(
                "backend.go",
                "go.backend.txt",
                "go get github.com/aws/aws-sdk-go-v2/config \
                 github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
            ),
            Self::Java => file!(
                "Backend.java",
                "java.backend.txt",
                "Maven: software.amazon.awssdk:cognitoidentity:2.x; Java 17 or later"
            ),
            Self::DotNet => file!(
                "Program.cs",
                "dotnet.backend.txt",
                "dotnet new web && dotnet add package AWSSDK.CognitoIdentity"
            ),
            Self::Swift => None,
            Self::Kotlin => file!(
                "Backend.kt",
                "kotlin.backend.txt",
                "Gradle: aws.sdk.kotlin:cognitoidentity:1.+ and org.json:json"
            ),
            Self::Curl => file!(
                "backend.sh",
                "curl.backend.txt",
                "curl 7.88 or later, and jq"
            ),
            Self::AwsCli => file!("backend.sh", "aws-cli.backend.txt", "the AWS CLI"),
            Self::Terraform => file!("main.tf", "terraform.backend.txt", "terraform init"),
        }
    }

    const fn client(self) -> Option<File> {
        match self {
            Self::TypeScriptV3 => file!(
                "client.mts",
                "typescript-v3.client.txt",
                "npm install @aws-sdk/client-s3@3 @aws-sdk/credential-providers@3 tsx"
            ),
            Self::TypeScriptV2 => file!(
                "client.mts",
                "typescript-v2.client.txt",
                "npm install aws-sdk@2 tsx"
            ),
            Self::Python => file!("client.py", "python.client.txt", "pip install boto3"),
            Self::Rust => file!(
                "main.rs",
                "rust.client.txt",
                "cargo add aws-config aws-credential-types aws-sdk-cognitoidentity aws-sdk-s3 \
                 reqwest serde tokio -F reqwest/json,serde/derive,tokio/full"
            ),
            Self::Go => file!(
                "client.go",
                "go.client.txt",
                "go get github.com/aws/aws-sdk-go-v2/service/cognitoidentity \
                 github.com/aws/aws-sdk-go-v2/service/s3"
            ),
            Self::Java => file!(
                "Client.java",
                "java.client.txt",
                "Maven: software.amazon.awssdk:cognitoidentity:2.x, software.amazon.awssdk:s3:2.x \
                 and com.fasterxml.jackson.core:jackson-databind; Java 17 or later"
            ),
            Self::DotNet => file!(
                "Program.cs",
                "dotnet.client.txt",
                "dotnet new console && dotnet add package AWSSDK.CognitoIdentity \
                 && dotnet add package AWSSDK.S3"
            ),
            Self::Swift => file!(
                "Client.swift",
                "swift.client.txt",
                "Swift package awslabs/aws-sdk-swift 1.x: AWSCognitoIdentity, AWSS3"
            ),
            Self::Kotlin => file!(
                "Client.kt",
                "kotlin.client.txt",
                "Gradle: aws.sdk.kotlin:cognitoidentity:1.+, aws.sdk.kotlin:s3:1.+ and \
                 org.json:json (a part of Android)"
            ),
            Self::Curl => file!("client.sh", "curl.client.txt", "curl 7.88 or later, and jq"),
            Self::AwsCli => file!(
                "client.sh",
                "aws-cli.client.txt",
                "the AWS CLI, curl and jq"
            ),
            Self::Terraform => None,
        }
    }
}

impl Side {
    /// Its name in addresses and on the command line.
    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::Client => "client",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.slug())
    }
}

impl fmt::Display for Side {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.slug())
    }
}

/// A word that names no language or half.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum UnknownSlug {
    /// No language is called so.
    #[error("no language is called `{given}`; there are {known}")]
    Language {
        /// The word.
        given: String,
        /// The words that would have been understood.
        known: String,
    },
    /// No half is called so.
    #[error("no side is called `{given}`; there are backend and client")]
    Side {
        /// The word.
        given: String,
    },
}

impl FromStr for Language {
    type Err = UnknownSlug;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|one| one.slug() == given);
        found.ok_or_else(|| UnknownSlug::Language {
            given: given.to_owned(),
            known: Self::ALL.map(Self::slug).join(", "),
        })
    }
}

impl FromStr for Side {
    type Err = UnknownSlug;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        match given {
            "backend" => Ok(Self::Backend),
            "client" => Ok(Self::Client),
            _ => Err(UnknownSlug::Side {
                given: given.to_owned(),
            }),
        }
    }
}
