//! Values by type, as text.

/// What a value's form depends on.
#[derive(Clone, Debug)]
pub(super) struct Type {
    /// `pg_type.typname` and `typcategory` of what a domain is made of.
    pub name: String,
    pub category: char,
    /// `pg_type.typtype`: e is an enumeration, c a row, r a range, m a multirange.
    pub form: char,
    /// Characters, bits, or digits in all.
    pub width: Option<usize>,
    /// Digits after the point.
    pub scale: usize,
    /// An enumeration's.
    pub labels: Vec<String>,
    /// How many a row has.
    pub attributes: usize,
}

/// The Nth plain value; different for every N from 1 to 9 where the type has so many.
pub(super) fn plain(of: &Type, n: usize) -> String {
    let width = of.width.unwrap_or(1);
    match (of.form, of.name.as_str()) {
        ('e', _) if of.labels.is_empty() => String::new(),
        ('e', _) => of.labels[(n - 1) % of.labels.len()].clone(),
        ('c', _) => format!("({})", ",".repeat(of.attributes.saturating_sub(1))),
        ('r', _) => "empty".into(),
        ('m', _) => "{}".into(),
        _ if of.category == 'A' => "{}".into(),
        (_, "date" | "timestamp" | "timestamptz") => format!("2000-01-{n:02}"),
        (_, "bool") => (n % 2 == 1).to_string(),
        (_, "numeric") if of.width.is_some() && width <= of.scale => {
            format!("0.{}{}", "0".repeat(of.scale - 1), n % 10)
        }
        (_, "uuid") => format!("{n:032}"),
        (_, "time" | "timetz") => format!("00:00:{n:02}"),
        (_, "interval") => format!("{n} seconds"),
        (_, "json" | "jsonb") => format!("{{\"n\": {n}}}"),
        (_, "bytea") => format!("\\x{n:02}"),
        (_, "inet" | "cidr") => format!("10.0.0.{n}"),
        (_, "macaddr") => format!("00:00:00:00:00:{n:02}"),
        (_, "macaddr8") => format!("00:00:00:00:00:00:00:{n:02}"),
        (_, "bit") => {
            let bits = format!("{n:0width$b}");
            bits[bits.len() - width..].to_string()
        }
        (_, "varbit") => "1".repeat(n),
        (_, "point") => format!("({n},{n})"),
        (_, "box" | "lseg") => format!("({n},{n}),({0},{0})", n + 1),
        (_, "path" | "polygon") => format!("(({n},{n}),({},{n}))", n + 1),
        (_, "line") => format!("{{1,{n},0}}"),
        (_, "circle") => format!("<({n},{n}),1>"),
        (_, "xml") => "<a/>".into(),
        (_, "pg_lsn") => format!("0/{n}"),
        (_, "txid_snapshot" | "pg_snapshot") => format!("{n}:{n}:"),
        (_, "tid") => format!("(0,{n})"),
        (_, "jsonpath") => format!("$.a{n}"),
        (_, "hstore") => format!("n=>{n}"),
        (_, "geometry" | "geography") => format!("POINT({n} {n})"),
        (_, name) if name.starts_with("reg") => "0".into(),
        _ => n.to_string(),
    }
}

/// A value that a narrower type does not hold.
pub(super) fn extreme(of: &Type) -> Option<String> {
    let value = match of.name.as_str() {
        "int2" => i16::MAX.to_string(),
        "int4" => i32::MAX.to_string(),
        "int8" => i64::MAX.to_string(),
        "numeric" => match of.width {
            None => "99999999999999999999.999999".into(),
            Some(width) if of.scale == 0 => "9".repeat(width),
            Some(width) => format!("{}.{}", "9".repeat(width.saturating_sub(of.scale)), "9".repeat(of.scale)),
        },
        "float4" => "1e30".into(),
        "float8" => "1e300".into(),
        "text" => "x".repeat(300),
        "varchar" => "x".repeat(of.width.unwrap_or(300)),
        "bpchar" => "x".repeat(of.width.unwrap_or(1)),
        "timestamp" => "9999-12-31 23:59:59.999999".into(),
        "timestamptz" => "9999-12-31 23:59:59.999999+00".into(),
        _ => return None,
    };
    Some(value)
}
