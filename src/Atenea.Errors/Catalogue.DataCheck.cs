namespace Atenea.Errors;

/// <summary>
/// Findings of <c>atenea data check</c>: what is seen only when rows are compared with each other, with other splits, or with a model.
/// </summary>
public static partial class Catalogue
{
    /// <summary>Rows repeat an earlier row of their file exactly.</summary>
    public static readonly ErrorCode DuplicateRows = new("ATN0821", "duplicate",
        "remove the repeated rows, unless their frequency is meant");

    /// <summary>Rows differ from an earlier row of their file only by case, spaces or invisible characters.</summary>
    public static readonly ErrorCode NearDuplicateRows = new("ATN0822", "near duplicate",
        "look at them, and remove those that say the same twice");

    /// <summary>The same text has several labels.</summary>
    public static readonly ErrorCode ContradictoryLabels = new("ATN0823", "contradictory label",
        "decide on one label for each text, or remove these rows");

    /// <summary>Texts of one split occur in another.</summary>
    public static readonly ErrorCode LeakedTexts = new("ATN0824", "leak",
        "remove these rows from one of the two files: the score would be too good");

    /// <summary>Texts of one split occur in another but for case, spaces or invisible characters.</summary>
    public static readonly ErrorCode NearlyLeakedTexts = new("ATN0825", "near leak",
        "remove these rows from one of the two files: the score would be too good");

    /// <summary>Labels differ only by case, spaces, punctuation or invisible characters.</summary>
    public static readonly ErrorCode LabelVariants = new("ATN0826", "label variants",
        "write each label one way");

    /// <summary>A rare label is spelled nearly as a frequent one.</summary>
    public static readonly ErrorCode LabelTypo = new("ATN0827", "label typo",
        "correct the label if it is a slip");

    /// <summary>Labels of a later split do not occur in the training rows.</summary>
    public static readonly ErrorCode UnseenLabel = new("ATN0828", "unseen label",
        "add training rows of this label, or remove these rows: no model can answer what it has never seen");

    /// <summary>Labels of the training rows do not occur in a later split.</summary>
    public static readonly ErrorCode UntestedLabel = new("ATN0829", "untested label",
        "add rows of this label to the file: as it is, nothing shows how well it is learnt");

    /// <summary>One class has nearly all rows.</summary>
    public static readonly ErrorCode DominatingClass = new("ATN0830", "imbalance",
        "look at macro F1 instead of accuracy, and collect rows of the other classes");

    /// <summary>Classes with hardly any rows.</summary>
    public static readonly ErrorCode RareClass = new("ATN0831", "rare class",
        "collect more rows of it, join it with another class, or leave it out");

    /// <summary>The shares of the classes differ between splits.</summary>
    public static readonly ErrorCode ClassSharesDiffer = new("ATN0832", "class shares differ",
        "split all rows anew, stratified by label, unless the difference is meant");

    /// <summary>Texts are longer than the model takes.</summary>
    public static readonly ErrorCode TextsTruncated = new("ATN0833", "truncated texts",
        "raise data.max_length as far as the model allows, use a model that takes longer texts, or cut the texts where you choose");

    /// <summary>The model's vocabulary lacks characters or words of the texts.</summary>
    public static readonly ErrorCode UnknownTokens = new("ATN0834", "unknown tokens",
        "use a model whose vocabulary covers the language and the signs of the texts");

    /// <summary>The model's vocabulary cuts the words of the texts into many pieces.</summary>
    public static readonly ErrorCode VocabularyMismatch = new("ATN0835", "vocabulary does not fit",
        "use a model for the language or the field of the texts, or a multilingual one");

    /// <summary>Texts in several languages.</summary>
    public static readonly ErrorCode LanguageMix = new("ATN0836", "language mix",
        "use a multilingual model, or keep the rows of one language");

    /// <summary>Splits in different languages.</summary>
    public static readonly ErrorCode SplitLanguagesDiffer = new("ATN0837", "split languages differ",
        "use rows of one language in all splits, or a multilingual model");

    /// <summary>Texts hold HTML tags or entities.</summary>
    public static readonly ErrorCode Markup = new("ATN0838", "markup in texts",
        "replace tags by spaces and entities by their characters, unless the texts will hold them in use");

    /// <summary>Counting words alone tells the labels nearly always.</summary>
    public static readonly ErrorCode LabelsGivenAway = new("ATN0839", "labels told by words alone",
        "check that no text holds its own label, a marker of its source or the like; if all is well, a simple model will do");

    /// <summary>Counting words does not tell the labels better than always answering the most frequent one.</summary>
    public static readonly ErrorCode LabelsNotInWords = new("ATN0840", "labels not told by words",
        "check that texts and labels belong together (rows shifted, columns mixed up); if all is well, expect a hard task");

    /// <summary>No token belongs to an entity.</summary>
    public static readonly ErrorCode NoEntities = new("ATN0841", "no entities",
        "check that the right column of tags is read");

    /// <summary>All scores are the same.</summary>
    public static readonly ErrorCode ConstantScores = new("ATN0842", "constant scores",
        "check that the right score column is named");

    /// <summary>A file without labels is checked as far as its texts go.</summary>
    public static readonly ErrorCode Unlabelled = new("ATN0843", "no labels",
        "nothing, if its labels are withheld; else name the label column with data.label or --label");

    /// <summary>A file has more rows than are compared with each other.</summary>
    public static readonly ErrorCode ComparisonLimited = new("ATN0844", "compared in part",
        "split the file to compare all rows");

    /// <summary>The two texts of a pair are the same.</summary>
    public static readonly ErrorCode IdenticalPairs = new("ATN0845", "identical pairs",
        "check that the two text columns are the right ones");

    /// <summary>Rows have more or fewer tags than tokens.</summary>
    public static readonly ErrorCode TagCountDiffers = new("ATN0846", "tags and tokens differ in number",
        "give each token one tag");
}
