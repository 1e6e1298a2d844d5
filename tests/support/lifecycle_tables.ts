/**
 * Who may do what in which state, written down a second time: a change of a type must be meant twice. What every
 * document has (comment, copy, view) is in the test. The facts: in time, unpaid, half billed, nothing signed or
 * proposed.
 */
export const TABLES: Record<string, Record<'staff' | 'partner' | 'system', Record<string, string>>> = {
  estimate: {
    staff: {
      draft: 'edit send discard',
      sent: 'revise accept_on_behalf void',
      changes_requested: 'revise accept_on_behalf void',
      accepted: 'invoice order retainer revise void change_order',
      declined: 'revise',
      expired: 'revise',
    },
    partner: {
      sent: 'accept request_changes decline forward',
      changes_requested: 'decline forward',
      accepted: 'forward',
    },
    system: {},
  },
  change_order: {
    staff: {
      draft: 'edit send discard',
      sent: 'revise accept_on_behalf void',
      changes_requested: 'revise accept_on_behalf void',
      accepted: 'invoice order retainer revise void',
      declined: 'revise',
      expired: 'revise',
    },
    partner: {
      sent: 'accept request_changes decline forward',
      changes_requested: 'decline forward',
      accepted: 'forward',
    },
    system: {},
  },
  sales_order: {
    staff: {
      draft: 'edit send discard',
      sent: 'revise accept_on_behalf void',
      accepted: 'invoice close void',
      partly_invoiced: 'invoice close',
      invoiced: 'close',
    },
    partner: {
      sent: 'accept forward',
      accepted: 'forward',
      partly_invoiced: 'forward',
      invoiced: 'forward',
      closed: 'forward',
      void: 'forward',
    },
    system: {
      sent: 'note_billed',
      accepted: 'count',
      partly_invoiced: 'count',
      invoiced: 'count',
      closed: 'note_billed',
      void: 'note_billed',
    },
  },
  invoice: {
    staff: {
      draft: 'edit send discard',
      sent: 'revise record_payment void write_off credit_note',
      partly_paid: 'record_payment write_off credit_note',
      paid: 'credit_note',
    },
    partner: {
      sent: 'pay use_credit promise dispute forward',
      partly_paid: 'pay use_credit promise dispute forward',
      paid: 'forward',
    },
    system: {
      sent: 'processing failed receive remind credit charge stop_charge take_payment refund_failed chargeback chargeback_won',
      partly_paid:
        'processing failed receive remind credit charge stop_charge take_payment take_back refunded refund_failed chargeback chargeback_won',
      paid: 'processing failed receive_late take_back refunded refund_failed chargeback chargeback_won',
      void: 'processing take_back_late refunded_late failed receive_late refund_failed chargeback chargeback_won',
      written_off: 'processing failed receive_late take_back refunded refund_failed chargeback chargeback_won',
    },
  },
  retainer_invoice: {
    staff: {
      draft: 'edit send discard',
      sent: 'revise record_payment void write_off',
      partly_paid: 'record_payment write_off',
    },
    partner: {
      sent: 'pay promise dispute forward',
      partly_paid: 'pay promise dispute forward',
      paid: 'forward',
    },
    system: {
      sent: 'processing failed receive remind take_payment refund_failed chargeback chargeback_won',
      partly_paid:
        'processing failed receive remind take_payment take_back refunded refund_failed chargeback chargeback_won',
      paid: 'processing failed receive_late take_back refunded refund_failed chargeback chargeback_won',
      void: 'processing take_back_late refunded_late failed receive_late refund_failed chargeback chargeback_won',
      written_off: 'processing failed receive_late take_back refunded refund_failed chargeback chargeback_won',
    },
  },
  credit_note: {
    staff: {
      draft: 'edit send discard',
      sent: 'apply refund void',
    },
    partner: {
      sent: 'forward',
      applied: 'forward',
      void: 'forward',
    },
    system: {
      sent: 'count',
      applied: 'count',
    },
  },
  request_for_proposal: {
    staff: {
      draft: 'edit send discard',
      sent: 'award extend cancel',
    },
    partner: {},
    system: {},
  },
  proposal: {
    staff: {
      draft: 'edit request',
      requested: 'decline extend cancel',
      submitted: 'ask_back award decline extend cancel',
      rejected: 'ask_back',
      expired: 'extend',
    },
    partner: {
      requested: 'submit set_delivery reject forward',
      submitted: 'submit set_delivery reject withdraw forward',
    },
    system: {},
  },
  purchase_order: {
    staff: {
      draft: 'edit send discard',
      sent: 'bill revise cancel',
      acknowledged: 'bill revise close cancel',
      declined: 'revise',
      partly_billed: 'bill close',
      billed: 'close',
    },
    partner: {
      sent: 'acknowledge propose decline bill forward',
      acknowledged: 'propose decline bill forward',
      declined: 'forward',
      partly_billed: 'bill forward',
      billed: 'forward',
      closed: 'forward',
      cancelled: 'forward',
    },
    system: {
      sent: 'note_billed',
      acknowledged: 'count',
      declined: 'note_billed',
      partly_billed: 'count',
      billed: 'count',
      closed: 'note_billed',
      cancelled: 'note_billed',
    },
  },
  work_order: {
    staff: {
      draft: 'edit send discard',
      sent: 'bill revise cancel',
      acknowledged: 'bill revise close cancel',
      declined: 'revise',
      partly_billed: 'bill close',
      billed: 'close',
    },
    partner: {
      sent: 'acknowledge propose decline bill forward',
      acknowledged: 'propose decline bill forward',
      declined: 'forward',
      partly_billed: 'bill forward',
      billed: 'forward',
      closed: 'forward',
      cancelled: 'forward',
    },
    system: {
      sent: 'note_billed',
      acknowledged: 'count',
      declined: 'note_billed',
      partly_billed: 'count',
      billed: 'count',
      closed: 'note_billed',
      cancelled: 'note_billed',
    },
  },
  bill: {
    staff: {
      submitted: 'approve send_back reject void',
      matching: 'approve send_back reject void',
      partly_approved: 'approve send_back reject void',
      in_revision: 'void',
      rejected: 'void',
      approved: 'schedule record_payment void',
      scheduled: 'schedule record_payment void',
      partly_paid: 'schedule record_payment',
    },
    partner: {
      draft: 'edit submit discard',
      in_revision: 'resubmit',
      rejected: 'resubmit',
      approved: 'attach_invoice',
      scheduled: 'attach_invoice',
      partly_paid: 'attach_invoice',
      paid: 'attach_invoice',
    },
    system: { approved: 'pay_by_run', scheduled: 'pay_by_run', partly_paid: 'pay_by_run take_back', paid: 'take_back' },
  },
};
