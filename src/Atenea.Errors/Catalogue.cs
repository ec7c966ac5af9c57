using System.Reflection;

namespace Atenea.Errors;

/// <summary>
/// Every user-facing error of Atenea. One file per block of codes:
/// 01xx usage and configuration, 02xx data, 03xx tokenizers, 04xx files and hub, 05xx models, 06xx engine, 07xx training, 08xx tools.
/// </summary>
public static partial class Catalogue
{
    private static readonly Lazy<IReadOnlyList<ErrorCode>> Entries = new(() =>
    [
        .. typeof(Catalogue).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.FieldType == typeof(ErrorCode))
            .Select(f => (ErrorCode)f.GetValue(null)!)
            .OrderBy(c => c.Id, StringComparer.Ordinal),
    ]);

    /// <summary>All entries, ordered by code.</summary>
    public static IReadOnlyList<ErrorCode> All => Entries.Value;
}
