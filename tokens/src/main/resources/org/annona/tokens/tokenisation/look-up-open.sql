select a.ref, a.tokenisation_id, false as answered, a.answer_digest, a.data_version,
       t.person_id, t.identifier_id, t.state, t.attempts, t.data_version as current_version,
       t.request_id = a.request_id as current
  from attempt a
  join tokenisation t on t.id = a.tokenisation_id
 where a.request_id = :request and a.answered_at is null
