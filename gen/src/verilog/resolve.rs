//! Names and expressions of the syntax tree, resolved in their scope.

use super::error::Fault;
use super::index::{readable, resolve};
use super::lower::Lowering;
use super::scope::{literal, Carries};
use super::types::{Arith, Compare, Expr, Known, SignalId};
use rust_hdl::core::ast::{VerilogExpression, VerilogOp, VerilogOpUnary};

impl Lowering<'_> {
    /// The value of a name inside an index.
    fn index_value(&self, name: &str) -> Result<i128, String> {
        if let Some((_, value)) = self.loops.iter().rev().find(|(variable, _)| *variable == name) {
            return Ok(*value);
        }
        let base = name.trim_end_matches("$index()").trim_end_matches("$val()");
        if let Some(value) = self.scope.constant(base) {
            return Ok(value);
        }
        if let Some(length) = name.strip_suffix("$len()").and_then(|base| self.scope.length(base)) {
            return Ok(length);
        }
        let name = readable(base);
        Err(if self.scope.signal(base).is_some() {
            format!("`{name}` is a signal; compare it with each index in a loop")
        } else if name.starts_with('_') {
            format!("`{name}` starts with `_`, which hides it; make it a `Const`")
        } else {
            format!("`{name}` is not a `Const`")
        })
    }

    fn resolve(&self, name: &str) -> Result<String, Fault> {
        resolve(name, &|name| self.index_value(name))
    }

    pub(super) fn signal(&self, name: &str) -> Result<SignalId, Fault> {
        let path = self.resolve(name)?;
        self.scope.signal(&path).ok_or_else(|| Fault::UnknownName(readable(&path)))
    }

    pub(super) fn read(&self, id: SignalId) -> Expr {
        let signal = &self.scope.signals[id];
        Expr::signal(id, signal.bits, signal.signed)
    }

    fn name(&self, name: &str) -> Result<Expr, Fault> {
        if let Some((_, value)) = self.loops.iter().rev().find(|(variable, _)| *variable == name) {
            return Ok(Expr::constant(*value, Known::Int));
        }
        let path = self.resolve(name)?;
        if let Some(id) = self.scope.signal(&path) {
            if self.scope.signals[id].carries == Carries::Clock {
                return Err(Fault::Unsupported(format!("the clock `{}` in an expression", readable(&path))));
            }
            return Ok(self.read(id));
        }
        if let Some(value) = self.scope.constant(&path) {
            return Ok(Expr::constant(value, Known::Param));
        }
        if let Some(label) = self.scope.label(&path) {
            return Ok(Expr::label(label.index, label.name.clone(), label.bits));
        }
        if let Some(length) = path.strip_suffix("$len()").and_then(|base| self.scope.length(base)) {
            return Ok(Expr::constant(length, Known::Int));
        }
        Err(Fault::UnknownName(readable(&path)))
    }

    pub(super) fn expr(&self, e: &VerilogExpression) -> Result<Expr, Fault> {
        match e {
            VerilogExpression::Signal(name) => self.name(name),
            VerilogExpression::Literal(value) => {
                let text = format!("{value:x}");
                let number = literal(&text)?;
                // Only a `bool` has one bit in the syntax tree.
                Ok(if text.starts_with("1'") { Expr::boolean(number != 0) } else { Expr::constant(number, Known::Int) })
            }
            VerilogExpression::Paren(inner) => self.expr(inner),
            VerilogExpression::Cast(inner, bits) => self.expr(inner)?.cast(*bits),
            VerilogExpression::Signed(inner) => self.expr(inner)?.reinterpret(true),
            VerilogExpression::Unsigned(inner) => self.expr(inner)?.reinterpret(false),
            VerilogExpression::Unary(op, inner) => self.unary(op, self.expr(inner)?),
            VerilogExpression::Binary(a, op, b) => self.binary(a, op, b),
            VerilogExpression::Index(value, index) => self.expr(value)?.bit(self.expr(index)?),
            VerilogExpression::Slice(..) => Err(Fault::Unsupported("`get_bits`".into())),
            VerilogExpression::IndexReplace(..) => Err(Fault::Unsupported("`replace_bit`".into())),
        }
    }

    fn unary(&self, op: &VerilogOpUnary, inner: Expr) -> Result<Expr, Fault> {
        match op {
            VerilogOpUnary::Not => inner.not(),
            VerilogOpUnary::Neg => inner.neg(),
            VerilogOpUnary::All => inner.all(),
            VerilogOpUnary::Any => Ok(inner.any()),
            VerilogOpUnary::Xor => inner.parity(),
        }
    }

    fn binary(&self, a: &VerilogExpression, op: &VerilogOp, b: &VerilogExpression) -> Result<Expr, Fault> {
        let a = self.expr(a)?;
        match (op, a.value()) {
            // As in Rust, what is right of a decided operand is not looked at.
            (VerilogOp::LogicalAnd, Some(0)) | (VerilogOp::LogicalOr, Some(1)) => return Ok(a),
            _ => {}
        }
        let b = self.expr(b)?;
        match op {
            VerilogOp::Add => Expr::arith(Arith::Add, a, b),
            VerilogOp::Sub => Expr::arith(Arith::Sub, a, b),
            VerilogOp::Mul => Expr::arith(Arith::Mul, a, b),
            VerilogOp::BitXor => Expr::arith(Arith::Xor, a, b),
            VerilogOp::BitAnd => Expr::arith(Arith::And, a, b),
            VerilogOp::BitOr => Expr::arith(Arith::Or, a, b),
            VerilogOp::LogicalAnd => Ok(Expr::both(a, b)),
            VerilogOp::LogicalOr => Ok(Expr::either(a, b)),
            VerilogOp::Shl => Expr::shl(a, b),
            VerilogOp::Shr => Expr::shr(a, b),
            VerilogOp::Eq => Expr::compare(Compare::Eq, a, b),
            VerilogOp::Lt => Expr::compare(Compare::Lt, a, b),
            VerilogOp::Le => Expr::compare(Compare::Le, a, b),
            VerilogOp::Ne => Expr::compare(Compare::Ne, a, b),
            VerilogOp::Ge => Expr::compare(Compare::Ge, a, b),
            VerilogOp::Gt => Expr::compare(Compare::Gt, a, b),
        }
    }
}
