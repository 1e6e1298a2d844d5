-- What an email said, without its links: replies quote it, and name it by its Message-ID.
alter table emails add column text text;
alter table reply_keys drop column last_text;
