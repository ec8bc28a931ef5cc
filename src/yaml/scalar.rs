//! tmp
use super::Scalar;
/// tmp
pub enum Resolved {
    /// a
    Null,
    /// a
    Bool(bool),
    /// a
    Int(i64),
    /// a
    Float(f64),
    /// a
    String,
}
impl Scalar {
    /// a
    pub fn resolve(&self) -> Resolved {
        if self.text.is_empty() {
            Resolved::Null
        } else if let Ok(i) = self.text.parse() {
            Resolved::Int(i)
        } else {
            Resolved::String
        }
    }
}
