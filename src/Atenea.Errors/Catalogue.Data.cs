namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>A data file is of a kind that is not read.</summary>
    public static readonly ErrorCode DataFormatUnsupported = new("ATN0201", "data format not supported",
        "use a .csv, .tsv, .json, .jsonl or .txt file");

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
}
