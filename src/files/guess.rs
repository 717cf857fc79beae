//! Which known word an unknown one was meant to be: properties, columns and keys of the operator's files.
//!
//! What nobody asks for is left alone by the readers, so a ban zone whose `season` is written `SEASON` would hold all
//! year. A word near a known one is therefore a fault of its reader, with the guess; any other is only named. Pure
//! words: which words are known, and what becomes of a guess, is the readers' own.
//!
//! # Source
//! A column of a dBASE table, so of a shapefile, has ten bytes for its name (dBASE III, field descriptor array). The
//! distance is the optimal string alignment distance: letters put in, left out, replaced, or neighbours swapped.

use super::vocabulary::SYNONYMS;

/// Bytes of the name of a column in a shapefile's table.
const DBF_NAME_BYTES: usize = 10;

/// Letters beyond which a word is near no other: twice the longest of a contract, and it bounds the time that a file of
/// nothing but long names can take.
const MAX_LETTERS: usize = 40;

/// The known word that an unknown one was meant to be: the same in other letters or signs, cut to ten bytes by a
/// shapefile, a synonym, or one or two letters away.
///
/// `unknown` is expected to be none of `known`; of several near ones it is the first. Short words are not compared by
/// letters, so that `ib` is no `id` and `data` is no `date`, and neither are words that differ in their first letter
/// (`reason`, `season`).
#[must_use]
pub fn guess<'a>(unknown: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = plain(unknown);
    if plain.is_empty() || unknown.chars().count() > MAX_LETTERS {
        return None;
    }
    let first = |is_meant: &dyn Fn(&str) -> bool| known.iter().copied().find(|word| is_meant(word));
    first(&|word| same_letters(unknown, word))
        .or_else(|| first(&|word| is_cut(unknown, word)))
        .or_else(|| first(&|word| synonyms(word).any(|synonym| self::plain(synonym) == plain)))
        .or_else(|| if is_synonym(&plain) { None } else { nearest(&plain, known) })
}

/// Whether two words are one but for the alert and width of their letters and the signs between these.
#[must_use]
pub fn same_letters(a: &str, b: &str) -> bool {
    plain(a) == plain(b)
}

/// Letters and digits alone, lower case and of ordinary width; Chinese characters stay.
fn plain(word: &str) -> String {
    // Full-width forms stand in Unicode in the order of ASCII.
    const FULL_WIDTH: u32 = 0xFF01 - '!' as u32;
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - FULL_WIDTH).unwrap_or(c),
        other => other,
    };
    word.chars().map(narrow).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a word is the start of another that a shapefile has room for, in UTF-8 or in GBK.
fn is_cut(unknown: &str, word: &str) -> bool {
    let start = |bytes_of: fn(char) -> usize| -> String {
        let ends = word.chars().scan(0, |sum, c| {
            *sum += bytes_of(c);
            Some((*sum, c))
        });
        ends.take_while(|(end, _)| *end <= DBF_NAME_BYTES).map(|(_, c)| c).collect()
    };
    let unknown = unknown.trim().to_lowercase();
    let cuts = [start(char::len_utf8), start(|c| if c.is_ascii() { 1 } else { 2 })];
    cuts.iter().any(|cut| cut.len() < word.len() && *cut == unknown)
}

fn synonyms(word: &str) -> impl Iterator<Item = &'static str> {
    SYNONYMS.iter().filter(move |(known, _)| *known == word).flat_map(|(_, others)| others.iter().copied())
}

fn is_synonym(plain_word: &str) -> bool {
    SYNONYMS.iter().flat_map(|(_, others)| *others).any(|synonym| plain(synonym) == plain_word)
}

/// The known word at the smallest distance, the first of several.
fn nearest<'a>(unknown: &str, known: &[&'a str]) -> Option<&'a str> {
    let unknown: Vec<char> = unknown.chars().collect();
    let near = known.iter().filter_map(|&word| {
        let letters: Vec<char> = plain(word).chars().collect();
        let distance = distance(&unknown, &letters);
        (distance <= reach(&letters) && begins_alike(&unknown, &letters) && !is_other_word(&unknown, &letters))
            .then_some((distance, word))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// How many letters may differ. A Chinese character is half a word: 生效日期 and 失效日期 are opposites.
fn reach(word: &[char]) -> usize {
    let is_latin = word.iter().all(char::is_ascii);
    match word.len() {
        0..=3 => 0,
        4 if !is_latin => 0,
        4..=7 => 1,
        _ if !is_latin => 1,
        _ => 2,
    }
}

/// Whether two words begin with the same letter, or the first two are swapped.
fn begins_alike(a: &[char], b: &[char]) -> bool {
    match (a, b) {
        ([a1, a2, ..], [b1, b2, ..]) => a1 == b1 || (a1 == b2 && a2 == b1),
        _ => false,
    }
}

/// Of four letters with one replaced there are too many words: `data` and `date`, `node` and `note`.
fn is_other_word(a: &[char], b: &[char]) -> bool {
    let sorted = |letters: &[char]| {
        let mut sorted = letters.to_vec();
        sorted.sort_unstable();
        sorted
    };
    b.len() <= 4 && a.len() == b.len() && sorted(a) != sorted(b)
}

fn distance(a: &[char], b: &[char]) -> usize {
    // The last two rows of the table are all that is asked; each begins with the cost of leaving everything out.
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &to) in b.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&above, j) + usize::from(from != to);
            let mut least = replaced.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let is_swapped =
                i > 0 && j > 0 && a.get(i - 1).is_some_and(|&c| c == to) && b.get(j - 1).is_some_and(|&c| c == from);
            if is_swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: [&str; 10] =
        ["id", "name", "class", "name_en", "valid_from", "valid_to", "season", "authority", "basis", "approximate"];
    const UNIT: [&str; 7] = ["code", "name", "level", "parent", "name_en", "cropland_ha", "approximate"];
    const SOURCE: [&str; 7] = ["id", "name", "kind", "radius_m", "approved_by", "approved_on", "expires"];
    const DUTY: [&str; 7] = ["unit_code", "date", "from", "to", "leader", "officer", "phone"];
    const PLAN: [&str; 6] = ["window_start", "window_end", "area_mu", "note", "plot", "status"];
    const CHINESE: [&str; 5] = ["生效日期", "责任单位代码", "焚烧气象等级", "面积(亩)", "电话"];

    #[test]
    fn a_word_near_a_known_one_is_guessed() {
        let cases: [(&str, &[&str], &str); 44] = [
            // Letter case, width, signs, what cannot be seen.
            ("SEASON", &ZONE, "season"),
            ("Id", &ZONE, "id"),
            ("Valid From", &ZONE, "valid_from"),
            ("validTo", &ZONE, "valid_to"),
            ("name:en", &ZONE, "name_en"),
            ("name-en", &ZONE, "name_en"),
            (" season ", &ZONE, "season"),
            ("\u{FEFF}season", &ZONE, "season"),
            ("ｓｅａｓｏｎ", &ZONE, "season"),
            ("*phone", &DUTY, "phone"),
            ("面积（亩）", &CHINESE, "面积(亩)"),
            // One or two letters.
            ("vaild_to", &ZONE, "valid_to"),
            ("valid_too", &ZONE, "valid_to"),
            ("vaild_form", &ZONE, "valid_from"),
            ("seson", &ZONE, "season"),
            ("seasons", &ZONE, "season"),
            ("saeson", &ZONE, "season"),
            ("esason", &ZONE, "season"),
            ("aproximate", &ZONE, "approximate"),
            ("approxmiate", &ZONE, "approximate"),
            ("autority", &ZONE, "authority"),
            ("clas", &ZONE, "class"),
            ("anme", &ZONE, "name"),
            ("cropland_hs", &UNIT, "cropland_ha"),
            ("paren", &UNIT, "parent"),
            ("form", &DUTY, "from"),
            ("dat", &DUTY, "date"),
            ("notes", &PLAN, "note"),
            ("责任单位代号", &CHINESE, "责任单位代码"),
            // Ten bytes of a shapefile.
            ("approximat", &UNIT, "approximate"),
            ("APPROXIMAT", &UNIT, "approximate"),
            ("cropland_h", &UNIT, "cropland_ha"),
            ("window_sta", &PLAN, "window_start"),
            ("approved_b", &SOURCE, "approved_by"),
            ("approved_o", &SOURCE, "approved_on"),
            ("焚烧气象等", &CHINESE, "焚烧气象等级"),
            ("焚烧气", &CHINESE, "焚烧气象等级"),
            // Other words.
            ("类别", &ZONE, "class"),
            ("类别", &SOURCE, "kind"),
            ("失效日期", &ZONE, "valid_to"),
            ("失效日期", &SOURCE, "expires"),
            ("expires", &ZONE, "valid_to"),
            ("上级代码", &UNIT, "parent"),
            ("radius", &SOURCE, "radius_m"),
        ];
        for (unknown, known, meant) in cases {
            assert_eq!(guess(unknown, known), Some(meant), "{unknown}");
        }
    }

    #[test]
    fn a_word_of_its_own_is_not() {
        let long = format!("season{}", "_".repeat(MAX_LETTERS));
        let cases: [(&str, &[&str]); 25] = [
            ("colour", &ZONE),
            ("reason", &ZONE),
            ("ib", &ZONE),
            ("if", &ZONE),
            ("ID_2", &ZONE),
            ("fid", &ZONE),
            ("OBJECTID", &ZONE),
            ("shape_area", &ZONE),
            ("Shape_Leng", &ZONE),
            ("stroke", &ZONE),
            ("fill-opacity", &ZONE),
            ("game", &ZONE),
            ("population", &UNIT),
            ("mode", &UNIT),
            ("core", &UNIT),
            ("data", &DUTY),
            ("too", &DUTY),
            ("slot", &PLAN),
            ("失效日期", &CHINESE),
            ("电脑", &CHINESE),
            ("", &ZONE),
            ("***", &ZONE),
            // Another word for one that this file does not have is not near what it has.
            ("name_cn", &["name_en"]),
            ("x", &ZONE),
            (&long, &ZONE),
        ];
        for (unknown, known) in cases {
            assert_eq!(guess(unknown, known), None, "{unknown}");
        }
    }

    #[test]
    fn the_distance_counts_letters_put_in_left_out_replaced_and_swapped() {
        let cases = [("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ac", 1), ("abcd", "xbcdy", 2)];
        for (a, b, expected) in cases {
            let letters = |word: &str| word.chars().collect::<Vec<_>>();
            assert_eq!(distance(&letters(a), &letters(b)), expected, "{a} {b}");
            assert_eq!(distance(&letters(b), &letters(a)), expected, "{b} {a}");
        }
    }
}
