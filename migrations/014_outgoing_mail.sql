-- The text of the last email that asked for replies to this address: what they probably quote.
alter table reply_keys add column last_text text;
