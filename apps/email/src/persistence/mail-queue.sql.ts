export const ADD_RECIPIENT = {
  name: 'email.add-recipient',
  text: 'INSERT INTO recipients (order_id, address, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
};

export const ADD_MAIL = {
  name: 'email.add-mail',
  text: `INSERT INTO mails (order_id, kind, event_id, correlation_id, story, detail)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
};

export const TAKE_DUE = {
  name: 'email.take-due',
  text: `SELECT mail.order_id, mail.kind, mail.event_id, mail.correlation_id, mail.story AS correlation, mail.detail, recipient.address
    FROM mails mail JOIN recipients recipient USING (order_id)
    WHERE mail.sent_at IS NULL AND mail.due_at <= now()
    ORDER BY mail.due_at LIMIT 1
    FOR UPDATE OF mail SKIP LOCKED`,
};

export const MARK_SENT = {
  name: 'email.mark-sent',
  text: 'UPDATE mails SET sent_at = clock_timestamp(), last_fault = NULL WHERE order_id = $1 AND kind = $2',
};

// 1 s, doubling to an hour: a full mailbox or greylisting must not lose the mail.
export const PUT_OFF = {
  name: 'email.put-off',
  text: `UPDATE mails SET attempts = attempts + 1, last_fault = $3,
      due_at = clock_timestamp() + least(interval '1 hour', interval '1 second' * 2 ^ least(attempts, 12))
    WHERE order_id = $1 AND kind = $2`,
};
