"""Papers of this room: 整改通知书, 停用通知, 解除停用通知, 移送函, 整改反馈报告."""

from huiyin.rectification.papers import feedback, lift, notice, referral, stop

ROWS = (notice.KIND, stop.KIND, lift.KIND, referral.KIND, feedback.KIND)
