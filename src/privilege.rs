//! What one role may do, and the statements from one such state to another: shared by grants and
//! default privileges.

/// The privileges that a role has beyond what PostgreSQL gives by default, and lacks of that.
///
/// `ALL` stands for every privilege that the release knows: 17 has one more than 16.
#[derive(Clone, Copy)]
pub struct Privileges<'a> {
    pub granted: &'a [String],
    /// Those with grant option.
    pub grantable: &'a [String],
    pub revoked: &'a [String],
    /// The role has them all by default: it owns the object.
    pub owner: bool,
}

/// One GRANT or REVOKE, without its object and its role.
#[derive(Debug, PartialEq)]
pub struct Change {
    pub verb: Verb,
    pub privileges: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verb {
    Revoke,
    RevokeOption,
    Grant,
    GrantOption,
}

impl Privileges<'_> {
    /// What PostgreSQL gives by default.
    pub fn default(owner: bool) -> Privileges<'static> {
        Privileges { granted: &[], grantable: &[], revoked: &[], owner }
    }
}

impl Change {
    /// `GRANT SELECT ON TABLE t TO r`; `list` is how the privileges are written.
    pub fn sql(&self, list: &str, on: &str, role: &str) -> String {
        match self.verb {
            Verb::Revoke => format!("REVOKE {list} ON {on} FROM {role}"),
            Verb::RevokeOption => format!("REVOKE GRANT OPTION FOR {list} ON {on} FROM {role}"),
            Verb::Grant => format!("GRANT {list} ON {on} TO {role}"),
            Verb::GrantOption => format!("GRANT {list} ON {on} TO {role} WITH GRANT OPTION"),
        }
    }

    pub fn takes(&self) -> bool {
        matches!(self.verb, Verb::Revoke | Verb::RevokeOption)
    }
}

/// The changes from one state to another, in an order that ends in it.
pub fn between(old: &Privileges, new: &Privileges) -> Vec<Change> {
    let held = |list: &[String], one: &String| list.contains(one) || list.iter().any(|p| p == "ALL");
    let without = |from: &[String], kept: &[&[String]]| -> Vec<String> {
        from.iter().filter(|one| !kept.iter().any(|list| held(list, one))).cloned().collect()
    };
    // A role that owns the object keeps the privilege without the option.
    let mut lost = without(old.granted, &[new.granted, new.grantable]);
    let mut options = Vec::new();
    if old.owner {
        options = without(old.grantable, &[new.grantable]);
    } else {
        lost.extend(without(old.grantable, &[new.granted, new.grantable]));
        options.extend(without(old.grantable, &[new.grantable]).into_iter().filter(|p| !lost.contains(p)));
    }
    let all = |list: &[String]| list.iter().any(|p| p == "ALL");
    let (old_granted, old_grantable): (&[String], &[String]) =
        if all(&lost) { (&[], &[]) } else { (old.granted, old.grantable) };
    let given_back = without(old.revoked, &[new.revoked]);
    let old_revoked: &[String] = if all(&given_back) { &[] } else { old.revoked };
    let taken = without(new.revoked, &[old_revoked]);
    let granted = without(new.granted, &[old_granted, old_grantable]);
    let with_option = without(new.grantable, &[if old.owner && all(&options) { &[] } else { old_grantable }]);
    [
        (Verb::Revoke, lost),
        (Verb::RevokeOption, options),
        (Verb::Grant, given_back),
        (Verb::Revoke, taken),
        (Verb::Grant, granted),
        (Verb::GrantOption, with_option),
    ]
    .into_iter()
    .filter(|(_, privileges)| !privileges.is_empty())
    .map(|(verb, privileges)| Change { verb, privileges })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(String::from).collect()
    }

    /// From and to: granted, with option, revoked.
    fn said(old: [&str; 3], new: [&str; 3], owner: bool) -> Vec<String> {
        let (old, new) = (old.map(words), new.map(words));
        let state = |of: &'static [Vec<String>; 3]| Privileges {
            granted: &of[0],
            grantable: &of[1],
            revoked: &of[2],
            owner,
        };
        let changes = between(&state(Box::leak(Box::new(old))), &state(Box::leak(Box::new(new))));
        changes.iter().map(|change| change.sql(&change.privileges.join(", "), "t", "r")).collect()
    }

    #[test]
    fn only_what_differs_is_said() {
        assert_eq!(said(["SELECT", "", ""], ["SELECT INSERT", "", ""], false), ["GRANT INSERT ON t TO r"]);
        assert_eq!(said(["SELECT INSERT", "", ""], ["SELECT", "", ""], false), ["REVOKE INSERT ON t FROM r"]);
        assert_eq!(
            said(["SELECT", "", ""], ["", "SELECT", ""], false),
            ["GRANT SELECT ON t TO r WITH GRANT OPTION"]
        );
        assert_eq!(
            said(["", "SELECT", ""], ["SELECT", "", ""], false),
            ["REVOKE GRANT OPTION FOR SELECT ON t FROM r"]
        );
    }

    #[test]
    fn all_contains_each() {
        assert_eq!(said(["SELECT", "", ""], ["ALL", "", ""], false), ["GRANT ALL ON t TO r"]);
        assert_eq!(
            said(["ALL", "", ""], ["SELECT", "", ""], false),
            ["REVOKE ALL ON t FROM r", "GRANT SELECT ON t TO r"]
        );
        assert_eq!(
            said(["", "ALL", ""], ["INSERT", "SELECT", ""], false),
            ["REVOKE ALL ON t FROM r", "GRANT INSERT ON t TO r", "GRANT SELECT ON t TO r WITH GRANT OPTION"]
        );
        assert_eq!(
            said(["", "", "ALL"], ["", "", "INSERT"], true),
            ["GRANT ALL ON t TO r", "REVOKE INSERT ON t FROM r"]
        );
    }

    #[test]
    fn an_owner_keeps_what_loses_its_option() {
        assert_eq!(
            said(["", "SELECT", ""], ["", "", ""], true),
            ["REVOKE GRANT OPTION FOR SELECT ON t FROM r"]
        );
    }
}
