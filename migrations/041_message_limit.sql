-- What somebody wrote lately is counted before they write more.
create index comments_by_person on comments (organization_id, person_id, created_at);
