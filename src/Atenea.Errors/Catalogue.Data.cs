namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>A data file is of a kind that is not read.</summary>
    public static readonly ErrorCode DataFormatUnsupported = new("ATN0201", "data format not supported",
        "use a .csv, .tsv, .json, .jsonl, .conll or .txt file");

    /// <summary>A data file breaks the rules of its format.</summary>
    public static readonly ErrorCode DataFileMalformed = new("ATN0202", "malformed data file",
        "correct the line that is named");

    /// <summary>A row has more or fewer fields than the header.</summary>
    public static readonly ErrorCode RowRagged = new("ATN0203", "row with a wrong number of fields",
        "put a text that holds the separator between double quotes");

    /// <summary>A data file's text is not in the encoding it claims.</summary>
    public static readonly ErrorCode TextEncodingInvalid = new("ATN0204", "text is not UTF-8",
        "save the file as UTF-8");

    /// <summary>A column that was asked for is not there.</summary>
    public static readonly ErrorCode ColumnMissing = new("ATN0205", "no such column",
        "name one of the file's columns in the config's data section");

    /// <summary>A data set has no rows.</summary>
    public static readonly ErrorCode DatasetEmpty = new("ATN0206", "empty data set",
        "check that the file is the right one and holds rows below its header");

    /// <summary>A text column holds no text at all.</summary>
    public static readonly ErrorCode TextsEmpty = new("ATN0207", "every text is empty",
        "check that the right text column is named");

    /// <summary>A row's label is not one of the known labels.</summary>
    public static readonly ErrorCode LabelUnknown = new("ATN0208", "unknown label",
        "correct the row, or use a model that was trained with this label");

    /// <summary>A row has no label, or one that cannot be read as what the task needs.</summary>
    public static readonly ErrorCode LabelInvalid = new("ATN0209", "missing or unreadable label",
        "correct or remove the row");

    /// <summary>The training rows hold a single class, so there is nothing to learn.</summary>
    public static readonly ErrorCode OneClassOnly = new("ATN0210", "only one class",
        "give training rows of at least two classes, or check that the right label column is named");

    /// <summary>A data set or one of its splits is not to be found.</summary>
    public static readonly ErrorCode DatasetNotFound = new("ATN0211", "data set not found",
        "name the files with data.train, data.validation and data.test");

    /// <summary>A data set is larger than its in-memory form allows.</summary>
    public static readonly ErrorCode DatasetTooLarge = new("ATN0212", "data set too large",
        "use fewer rows (max_train_samples) or a shorter max_length");

    /// <summary>Rows cannot be split as asked.</summary>
    public static readonly ErrorCode SplitImpossible = new("ATN0213", "impossible split",
        "choose other sizes");

    /// <summary>A file is of another kind than its name says.</summary>
    public static readonly ErrorCode FileIsSomethingElse = new("ATN0214", "not the kind of file that its name says",
        "get the file itself, as text");

    /// <summary>A file was read in an encoding that it does not name.</summary>
    public static readonly ErrorCode EncodingGuessed = new("ATN0215", "encoding guessed",
        "check the accents, save the file as UTF-8, or name its encoding with data.encoding");

    /// <summary>A file holds text in two encodings.</summary>
    public static readonly ErrorCode EncodingMixed = new("ATN0216", "mixed encodings",
        "correct the lines that are named and save the file as UTF-8");

    /// <summary>A file ends inside a character.</summary>
    public static readonly ErrorCode TextCut = new("ATN0217", "file cut",
        "get the file again");

    /// <summary>Texts hold NUL characters.</summary>
    public static readonly ErrorCode NulCharacters = new("ATN0218", "NUL characters",
        "find out what wrote them; the rest of the texts was kept");

    /// <summary>Blank lines were passed over.</summary>
    public static readonly ErrorCode BlankLines = new("ATN0219", "blank lines",
        "remove them, or check that no rows are missing");

    /// <summary>Quotation marks stand where CSV has none.</summary>
    public static readonly ErrorCode StrayQuotes = new("ATN0220", "stray quotation marks",
        "put the field between quotation marks and double those inside");

    /// <summary>Quotation marks are escaped with a backslash.</summary>
    public static readonly ErrorCode BackslashQuotes = new("ATN0221", "quotation marks escaped with a backslash",
        "double the quotation marks inside a quoted field, as pandas does with doublequote=True");

    /// <summary>Carriage returns stand alone in fields without quotes.</summary>
    public static readonly ErrorCode LoneCarriageReturns = new("ATN0222", "carriage returns inside unquoted fields",
        "put the fields that hold them between quotation marks");

    /// <summary>Columns without a name were left out.</summary>
    public static readonly ErrorCode UnnamedColumns = new("ATN0223", "columns without a name",
        "remove them, or name them in the header");

    /// <summary>A file seems to have no header.</summary>
    public static readonly ErrorCode HeaderMissing = new("ATN0224", "no header",
        "add a header, or name the columns with data.columns");

    /// <summary>A column was found under another spelling of its name.</summary>
    public static readonly ErrorCode HeaderNormalised = new("ATN0225", "column name with other case or spaces",
        "write the column names alike in the file and in the config");

    /// <summary>Fields are separated by something else than the file's name says.</summary>
    public static readonly ErrorCode SeparatorUnusual = new("ATN0226", "unusual separator",
        "check that the columns are right");

    /// <summary>A JSON file holds no list of rows.</summary>
    public static readonly ErrorCode JsonIsNotRows = new("ATN0227", "JSON that is no list of rows",
        "write a list of objects, or one object per line");

    /// <summary>A file of JSON lines is a JSON list.</summary>
    public static readonly ErrorCode JsonArrayInLines = new("ATN0228", "JSON list in a file of JSON lines",
        "give it the ending .json");

    /// <summary>A JSON object has a key twice.</summary>
    public static readonly ErrorCode DuplicateKey = new("ATN0229", "key twice in one object",
        "remove one of them");

    /// <summary>A value is of another type than its column.</summary>
    public static readonly ErrorCode ValueTypeMixed = new("ATN0230", "value of another type",
        "correct the row");

    /// <summary>Rows have no text.</summary>
    public static readonly ErrorCode TextMissing = new("ATN0231", "rows without text",
        "remove the rows, or check that the right text column is named");

    /// <summary>Rows have no label.</summary>
    public static readonly ErrorCode LabelMissing = new("ATN0232", "rows without a label",
        "remove the rows, or label them");

    /// <summary>Labels are numbers written in several ways, or as decimals.</summary>
    public static readonly ErrorCode LabelNumberVariants = new("ATN0233", "labels that are numbers in disguise",
        "write each class one way");

    /// <summary>Labels are real numbers.</summary>
    public static readonly ErrorCode LabelsContinuous = new("ATN0234", "labels are real numbers",
        "set model_options.problem_type to regression, or name the right label column");

    /// <summary>Nearly every row has a label of its own.</summary>
    public static readonly ErrorCode LabelPerRow = new("ATN0235", "too many classes",
        "check that the label column is not an identifier");

    /// <summary>Text and label column are probably swapped.</summary>
    public static readonly ErrorCode ColumnsSwapped = new("ATN0236", "columns probably swapped",
        "swap data.text and data.label");

    /// <summary>There are too few rows to learn from.</summary>
    public static readonly ErrorCode TooFewRows = new("ATN0237", "too few rows",
        "collect more rows");

    /// <summary>Texts were decoded in the wrong encoding and saved again.</summary>
    public static readonly ErrorCode DoublyEncoded = new("ATN0238", "doubly encoded texts",
        "make the file again from its source, reading it as UTF-8");

    /// <summary>Texts hold U+FFFD, which stands for letters that were lost.</summary>
    public static readonly ErrorCode ReplacementCharacters = new("ATN0239", "lost letters",
        "make the file again from its source in the right encoding");

    /// <summary>Texts hold invisible or control characters.</summary>
    public static readonly ErrorCode InvisibleCharacters = new("ATN0240", "invisible characters",
        "remove them unless they are meant");

    /// <summary>A text is extraordinarily long.</summary>
    public static readonly ErrorCode TextLong = new("ATN0241", "very long text",
        "check that no line ends or quotation marks are missing; it will be cut to max_length");

    /// <summary>A score is no number, or out of its range.</summary>
    public static readonly ErrorCode ScoreInvalid = new("ATN0242", "unusable score",
        "write numbers with a decimal point, within the range of the task");

    /// <summary>A token has no tag.</summary>
    public static readonly ErrorCode TagMissing = new("ATN0243", "token without a tag",
        "tag it, O for none");

    /// <summary>A tag does not follow from the one before.</summary>
    public static readonly ErrorCode TagSequence = new("ATN0244", "tags against their scheme",
        "check the tags: B- starts an entity, I- continues one of its type");

    /// <summary>A line has more or fewer columns than the others.</summary>
    public static readonly ErrorCode TagColumns = new("ATN0245", "line with a wrong number of columns",
        "correct the line");

    /// <summary>A tag is written in another way than the others.</summary>
    public static readonly ErrorCode TagVariant = new("ATN0246", "tag written differently",
        "write tags alike");

    /// <summary>A tag has a prefix of no scheme.</summary>
    public static readonly ErrorCode TagPrefixUnknown = new("ATN0247", "unknown tag prefix",
        "use O, B-TYPE and I-TYPE");

    /// <summary>Marks between documents were passed over.</summary>
    public static readonly ErrorCode DocumentBreak = new("ATN0248", "marks between documents",
        "nothing");

    /// <summary>A file was read in a format that its name does not say.</summary>
    public static readonly ErrorCode FormatGuessed = new("ATN0249", "format taken from the content",
        "give it the ending of its format, or name the format with data.format");

    /// <summary>The columns of the task were taken by their names.</summary>
    public static readonly ErrorCode ColumnsGuessed = new("ATN0250", "columns taken by their names",
        "name them with data.text, data.text_pair and data.label");

    /// <summary>A relation does not follow the format of SemEval-2010 Task 8.</summary>
    public static readonly ErrorCode RelationMalformed = new("ATN0251", "malformed relation",
        "correct the line that is named");

    /// <summary>There is no such encoding.</summary>
    public static readonly ErrorCode EncodingUnknown = new("ATN0252", "unknown encoding",
        "name one like utf-8, utf-16-le or windows-1252");

    /// <summary>Files that are read as one have other columns, or columns of other types.</summary>
    public static readonly ErrorCode ShardsDiffer = new("ATN0253", "files of one split differ",
        "give all files of a split the same columns of the same types");
}
