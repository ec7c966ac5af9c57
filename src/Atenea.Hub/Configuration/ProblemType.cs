namespace Atenea.Hub;

/// <summary>What a sequence classifier's outputs mean (the <c>problem_type</c> of a config.json).</summary>
public enum ProblemType
{
    /// <summary>One class of several: softmax, cross-entropy.</summary>
    SingleLabelClassification,

    /// <summary>Any number of the classes at once: a sigmoid each, binary cross-entropy.</summary>
    MultiLabelClassification,

    /// <summary>Numbers: mean squared error.</summary>
    Regression,
}
