-- Numbers and texts that have a name. The name is replaced by what it stands for, where the parts are put together: a local
-- of the chunk would be caught anew by every function that uses it, in each run of the script.

VERSION = 1

-- Algorithms.
FIXED = 1
BUCKET = 2
LOG = 3

-- Calls.
RUN = 0
DECIDE = 1
PEEK = 2
REFUND = 3
BLOCK = 4
UNBLOCK = 5
RESET = 6
-- A charge stands in so many numbers.
CHARGE = 7

-- Keys that are read by one command.
LARGEST_READ = 1000
-- What is read of a key that holds something of another type.
WRONG_TYPE = true

-- A record: its header, and a counter, of a log with what stands before its entries.
HEADER = '>BI7I7'
HEADER_BYTES = 15
COUNTER = '>I4I7I7'
COUNTER_BYTES = 18
ENTRIES = '>BI2'
ENTRIES_BYTES = 3
LOG_COUNTER = '>I4I7I7BI2'
TIME_BYTES = 7
-- A tag has its algorithm times so much in it.
KIND_OF = 1073741824

-- Of the fast forms: a record with one counter, and with one log before its entries.
RECORD = '>BI7I7I4I7I7'
RECORD_BYTES = 33
LOG_RECORD = '>BI7I7I4I7I7BI2'
LOG_RECORD_BYTES = 36
-- An entry with one byte of units, as nearly all have: to write a number into a text takes long.
SHORT_ENTRY = '>I7I1'
-- Their answers are text: a client reads one in a tenth of the time that as many numbers take.
ALLOWED = '1,%d,%d'
DENIED = '0,0,%d,%d,%d'

-- Of a bucket: the most debt that is kept, 2^53 - 1, and from where on it may have been cut, 2^43 less.
MOST_DEBT = 9007199254740991
MAY_BE_CUT = 8998403161718783
