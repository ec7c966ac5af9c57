namespace Atenea.Errors;

/// <summary>
/// Every user-facing error of Atenea, all of them listed in <c>docs/errors.md</c>. One file per block of codes:
/// 01xx usage and configuration, 02xx data, 03xx tokenizers, 04xx files and hub, 05xx models, 06xx engine, 07xx training, 08xx tools.
/// </summary>
public static partial class Catalogue;
