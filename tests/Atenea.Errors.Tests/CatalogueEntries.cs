using System.Reflection;

namespace Atenea.Errors.Tests;

/// <summary>The entries of the catalogue by the names of their fields, ordered by code.</summary>
internal static class CatalogueEntries
{
    public static IReadOnlyList<(string Name, ErrorCode Code)> All { get; } =
    [
        .. typeof(Catalogue).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(ErrorCode))
            .Select(field => (field.Name, (ErrorCode)field.GetValue(null)!))
            .OrderBy(entry => entry.Item2.Id, StringComparer.Ordinal),
    ];
}
