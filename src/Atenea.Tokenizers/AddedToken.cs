namespace Atenea.Tokenizers;

/// <summary>A token that is cut out of the text before the model sees it.</summary>
/// <param name="Content">Its text.</param>
/// <param name="Id">Its id.</param>
/// <param name="Special">Whether decoding may leave it out.</param>
/// <param name="Normalized">
/// Whether it is looked for in the normalised text (its own text being normalised too) rather than in the raw one.
/// </param>
/// <param name="LeftStrip">Whether it swallows white space before it.</param>
/// <param name="RightStrip">Whether it swallows white space after it.</param>
/// <param name="SingleWord">Whether it only counts where neither neighbour is a word character.</param>
public sealed record AddedToken(
    string Content,
    int Id,
    bool Special = false,
    bool Normalized = false,
    bool LeftStrip = false,
    bool RightStrip = false,
    bool SingleWord = false);
