-- First start of Temporal's PostgreSQL: its role, which makes its own two databases (temporal/schema.sh). Runs once.
-- CREATEDB stays with it: Temporal's databases may be lost and made anew (`ykien rebuild`); the register may not.
\set ON_ERROR_STOP on
\set password `cat /run/secrets/temporal_password`
-- A missing file gives an empty password: stop by dividing by zero instead.
SELECT 1 / (length(:'password') >= 32)::int AS password_is_there;

CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'password';
