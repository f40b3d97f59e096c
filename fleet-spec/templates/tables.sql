CREATE TABLE IF NOT EXISTS passage (
  id      BINARY(16)  NOT NULL PRIMARY KEY,
  lane    VARCHAR(63) NOT NULL,
  at      DATETIME(3) NOT NULL,
  vehicle TINYINT     NOT NULL,
  fee     INT         NOT NULL COMMENT 'fen',
  cleared BOOLEAN     NOT NULL DEFAULT FALSE,
  INDEX (cleared, at)
);
